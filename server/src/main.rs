//! The program `latchkey`: reads the command line and runs it. Everything else is in the library.

use std::process::ExitCode;

/// Rendering a page is thousands of small allocations; measured, this one renders a third more pages a second than
/// the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
