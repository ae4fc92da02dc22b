//! The `vaultls` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    vaultls::server::serve_stdio()
}
