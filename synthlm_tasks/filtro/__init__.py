"""Filtro: follow one stream of edges and ignore the other that is mixed into it."""

from synthlm_tasks.filtro.task import FiltroTask

__all__ = ["FiltroTask"]
