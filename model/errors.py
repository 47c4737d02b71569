"""Everything that can go wrong inside `model`.

ModelError
├── CheckpointError     a weight file is missing, damaged or of another version
├── DeviceUnavailable   the device asked for is not there
└── TrainingFailed      a loss that is no number any more
"""


class ModelError(Exception):
    """Base of all errors raised by `model`."""


class CheckpointError(ModelError):
    """The checkpoint on disk is not the one that its manifest names."""


class DeviceUnavailable(ModelError):
    """CUDA was asked for and cannot be used."""


class TrainingFailed(ModelError):
    """Training came upon a value that is not finite; the message names the step."""
