"""Results of a run as the Hub shows them: beside a model, on the leaderboard of a dataset."""
