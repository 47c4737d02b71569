"""The shipped checkpoint: data only. Read by `model.checkpoint`, made by `model.export`."""
