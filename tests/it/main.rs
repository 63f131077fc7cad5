//! Everything that is tested from outside: one program, so that it is linked once.

mod bundle;
mod cases;
mod command_line;
mod documents;
mod findings;
mod hostile;
mod layers;
mod properties;
mod schemas;
