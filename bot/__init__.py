"""The running service of the Starting Point help desk."""
