"""Publishing on the Hugging Face Hub: finished folders, and files of results beside a model."""

from synthlm_tasks.hub.folders import BUILDER, Destination, Publication, push_folder

__all__ = ["BUILDER", "Destination", "Publication", "push_folder"]
