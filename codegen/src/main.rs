//! The command line: reads a folder of WSDLs, writes or checks a crate of bindings.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use clap::Parser;
use codegen::output::{self, Error};

/// Turns WSDL 1.1 with its XML Schema into Rust types and operation stubs.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Write nothing; show what differs, and exit with 1 if anything does [wrong input: 2]
    #[arg(long)]
    check: bool,
    /// The folder of the WSDLs, with what they import and what their `.toml` files say; wants `--output`, lest the project's bindings become
    /// those of another service [default: the project's `wsdl`]
    #[arg(long, value_name = "FOLDER", requires = "output")]
    wsdl: Option<PathBuf>,
    /// The crate to write to, made where there is none [default: the project's `generated`]
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(WRONG)
        }
    }
}

/// The exit code for what cannot be generated or written, as clap's is for wrong arguments. 1 is for differences alone.
const WRONG: u8 = 2;

fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let wsdl = arguments.wsdl.clone().unwrap_or_else(|| project().join("wsdl"));
    let crate_ = arguments.output.clone().unwrap_or_else(|| project().join("generated"));
    let generated = match codegen::generate(&inputs(&wsdl)?) {
        Ok(generated) => generated,
        Err(failure) => {
            eprint!("{failure}");
            return Ok(ExitCode::from(WRONG));
        }
    };
    for version in &generated.versions {
        let codegen::Version { module, source, types, operations, time } = version;
        println!("{module:8} {types:4} types {operations:4} operations {:5} ms  {source}", time.as_millis());
    }
    let plan = output::plan(&crate_, &generated.files, &generated.features)?;
    if arguments.check {
        print!("{}", output::diff(&plan, &crate_));
        println!("{}", output::summary(&plan));
        return Ok(if plan.changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    output::write(&plan)?;
    let removed = plan.changes.iter().filter(|change| change.new.is_none()).count();
    println!("{} files written, {removed} removed, {} unchanged", plan.changes.len() - removed, plan.unchanged);
    Ok(ExitCode::SUCCESS)
}

/// The folder that `wsdl` and `generated` are in: the current one, or that of the workspace the program was built in.
fn project() -> PathBuf {
    match env::current_dir() {
        Ok(current) if current.join("wsdl").is_dir() => PathBuf::new(),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("")).to_owned(),
    }
}

/// What the generator reads below a folder, by path as it was given: so diagnostics name them.
fn inputs(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    // A folder such as `.` has no name that generated code could give.
    let folder = match folder.file_name() {
        Some(_) => folder.to_owned(),
        None => folder.canonicalize().map_err(Error::io(folder))?,
    };
    let mut inputs = BTreeMap::new();
    read(&folder, &mut inputs)?;
    if inputs.is_empty() {
        return Err(Error::Empty(folder));
    }
    Ok(inputs)
}

fn read(folder: &Path, inputs: &mut BTreeMap<String, String>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let path = entry.path();
        let is_wanted =
            |extension: &OsStr| ["wsdl", "xsd", "toml"].iter().any(|known| extension.eq_ignore_ascii_case(known));
        // Links to folders are not followed: they may lead back.
        if entry.file_type().map_err(Error::io(&path))?.is_dir() {
            read(&path, inputs)?;
        } else if path.extension().is_some_and(is_wanted) && path.is_file() {
            let text = String::from_utf8(fs::read(&path).map_err(Error::io(&path))?);
            let text = text.map_err(|error| Error::Encoding(path.clone(), error.utf8_error().valid_up_to()))?;
            inputs.insert(path.to_string_lossy().replace('\\', "/"), text);
        }
    }
    Ok(())
}
