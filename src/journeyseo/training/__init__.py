"""From labelled data to model folders, deterministically. Never imported by the runtime."""
