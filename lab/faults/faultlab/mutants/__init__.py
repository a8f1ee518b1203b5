"""The mutants, by the part of the service that they change."""

from ..mutant import Impossible, Mutant
from . import application, image, manifests, proxy

MUTANTS: list[Mutant | Impossible] = [*image.MUTANTS, *application.MUTANTS, *proxy.MUTANTS, *manifests.MUTANTS]
