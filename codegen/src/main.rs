//! The command line: reads a folder of WSDLs, writes or checks a crate of bindings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use clap::Parser;
use codegen::output::{self, Error};

/// Turns WSDL 1.1 with its XML Schema into Rust types and operation stubs.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Write nothing; show what differs, and exit with 1 if anything does
    #[arg(long)]
    check: bool,
    /// The folder of the WSDLs, with what they import and what their `.toml` files say [default: the project's `wsdl`]
    #[arg(long, value_name = "FOLDER")]
    wsdl: Option<PathBuf>,
    /// The crate to write to [default: the project's `generated`]
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let project = project();
    let wsdl = arguments.wsdl.clone().unwrap_or_else(|| project.join("wsdl"));
    let crate_ = arguments.output.clone().unwrap_or_else(|| project.join("generated"));
    let mut inputs = BTreeMap::new();
    let name = wsdl.file_name().map_or_else(String::new, |name| format!("{}/", name.to_string_lossy()));
    read(&wsdl, &name, &mut inputs)?;
    let generated = match codegen::generate(&inputs) {
        Ok(generated) => generated,
        Err(failure) => {
            eprint!("{failure}");
            return Ok(ExitCode::FAILURE);
        }
    };
    for version in &generated.versions {
        let codegen::Version { module, source, types, operations, time } = version;
        println!("{module:8} {types:4} types {operations:4} operations {:5} ms  {source}", time.as_millis());
    }
    let plan = output::plan(&crate_, &generated.files, &generated.features)?;
    if arguments.check {
        if plan.changes.is_empty() {
            println!("{} files are up to date", plan.unchanged);
            return Ok(ExitCode::SUCCESS);
        }
        print!("{}", output::diff(&plan, &crate_));
        return Ok(ExitCode::FAILURE);
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
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
    }
}

/// Reads what the generator reads below a folder, by path with `prefix` before it.
fn read(folder: &Path, prefix: &str, inputs: &mut BTreeMap<String, String>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), inputs)?;
        } else if ["wsdl", "xsd", "toml"].iter().any(|wanted| path.extension().is_some_and(|found| found == *wanted)) {
            inputs.insert(format!("{prefix}{name}"), fs::read_to_string(&path).map_err(Error::io(&path))?);
        }
    }
    Ok(())
}
