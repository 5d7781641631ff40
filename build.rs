//! Rebuilds when a file of the clause library comes or goes; the library is part of the program.
fn main() {
    println!("cargo:rerun-if-changed=clause-library");
}
