//! Reference data as TOML files embedded in the binary, with typed loaders.
