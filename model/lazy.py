"""What is loaded when it is first needed, by whichever thread needs it first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Loaded = TypeVar("Loaded")


def loaded_once(load: Callable[[Any], Loaded]) -> _LoadedOnce[Loaded]:
    """A property that is computed once for each object, also when several threads ask at once.

    `functools.cached_property` computes it in each of them since Python 3.12: a server's first
    requests would each load the network.
    """
    return _LoadedOnce(load)


class _LoadedOnce(Generic[Loaded]):
    """Found only until the value is in the object's `__dict__`, where Python looks first."""

    def __init__(self, load: Callable[[Any], Loaded]) -> None:
        self._load = load
        self.__doc__ = load.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Loaded: ...
    def __get__(self, instance: object | None, owner: type) -> Self | Loaded:
        if instance is None:
            return self
        values = vars(instance)
        # setdefault is one step: all threads get the same lock. One may load what another needs
        with values.setdefault(f"{self._name} lock", threading.RLock()):
            if self._name not in values:
                values[self._name] = self._load(instance)
        found: Loaded = values[self._name]
        return found
