//! Integration and window tests.
