//! The command `sekisho`. Everything it does is in [`sekisho::cli`].

fn main() -> std::process::ExitCode {
    sekisho::cli::run(std::env::args_os())
}
