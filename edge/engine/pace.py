"""How the interpreter shares its time while the edge serves. Measured with `hos bench`; it sets nothing else."""

import gc
import sys

#: The writer's thread and the loop take turns; the default of 5 ms is longer than a command may take.
SWITCH_S = 0.001
#: A command makes hundreds of small structs and no cycles: collecting every 700 of them only stops everybody.
YOUNG, MIDDLE, OLD = 50_000, 20, 100


def set_pace() -> None:
    """Call once everything is loaded: what is there now stays for good and is not looked at again."""
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
