//! The program `latchkey`: reads the command line and runs it. Everything else is in the library.

use std::process::ExitCode;

/// Rendering a page is thousands of small allocations, and so is a query: this one is faster at them than the
/// system's, for SQLite too. Without huge pages, which take twice the memory at rest (feature `no_thp`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
