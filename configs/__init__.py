"""Preset data: TOML tables read by `synthlm_tasks.rows.presets`."""
