//! The program `latchkey`: reads the command line and runs it. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
