fn main(){sekisho::cli::run()}
