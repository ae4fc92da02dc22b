//! The `vaultls` program: arguments in, exit code out.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use vaultls::cli::{
    self, CheckOptions, CodeName, FindingFilter, Format, Query, QueryFormat, QueryOptions, Spot,
};
use vaultls::config::Severity;
use vaultls::server;

/// A language server for vaults of linked Markdown notes and video timestamps.
///
/// Without a command it serves the Language Server Protocol on stdin and stdout.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Serve on stdin and stdout, as without any argument; many editors pass this, some twice
    #[arg(long, overrides_with = "stdio")]
    stdio: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Diagnose all notes of a vault
    ///
    /// Exits with 0 if there is nothing to report, 1 if there are findings, 2 if it could not run.
    Check(CheckArguments),
    /// Ask one question that an editor would ask
    ///
    /// Places are named as `check` writes them: FILE:LINE:COLUMN, counted from 1. Exits with 0 if there is an
    /// answer, 1 if there is none, 2 if it could not run.
    Query {
        #[command(subcommand)]
        query: QueryArgument,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t, global = true)]
        format: QueryFormatArgument,
    },
    /// Show what an editor gets: a session with the server in a vault of yours
    ///
    /// Nothing is written into the vault. Exits with 0 if all went well, 1 if an answer was missing, 2 if it
    /// could not run.
    Tour {
        /// The vault's folder
        #[arg(default_value = ".")]
        vault: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum QueryArgument {
    /// Where the link, label or tag at a place leads
    Definition { place: Spot },
    /// All places that are about what stands at a place
    References { place: Spot },
    /// What an editor shows over a place
    Hover { place: Spot },
    /// What an editor would offer at a place
    Complete { place: Spot },
    /// The links to a note or attachment
    Backlinks { file: PathBuf },
    /// Notes, aliases, headings and tags that fit what is typed
    Symbols {
        typed: String,
        /// The vault
        #[arg(long, default_value = ".")]
        vault: PathBuf,
    },
    /// All moments of a video that the vault cites, with the sentences around them
    Moments {
        /// The id of the video, of 11 characters
        #[arg(allow_hyphen_values = true)]
        video: String,
        /// The vault
        #[arg(long, default_value = ".")]
        vault: PathBuf,
    },
}

impl From<QueryArgument> for Query {
    fn from(query: QueryArgument) -> Query {
        match query {
            QueryArgument::Definition { place } => Query::Definition(place),
            QueryArgument::References { place } => Query::References(place),
            QueryArgument::Hover { place } => Query::Hover(place),
            QueryArgument::Complete { place } => Query::Complete(place),
            QueryArgument::Backlinks { file } => Query::Backlinks(file),
            QueryArgument::Symbols { typed, vault } => Query::Symbols { vault, typed },
            QueryArgument::Moments { video, vault } => Query::Moments { vault, video },
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum QueryFormatArgument {
    /// One line a place
    #[default]
    Pretty,
    /// One JSON array
    Json,
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// Vaults, or files and folders of vaults, of which only the findings below them are shown
    #[arg(default_value = ".")]
    path: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    format: FormatArgument,
    /// Only these diagnostics or groups of them, as `link/missing-note` or `timestamp`; separated by commas
    #[arg(long, value_name = "CODE|GROUP", value_delimiter = ',')]
    select: Vec<CodeName>,
    /// None of these, even if they are selected
    #[arg(long, value_name = "CODE|GROUP", value_delimiter = ',')]
    ignore: Vec<CodeName>,
    /// Only what is at least as bad
    #[arg(long, value_name = "SEVERITY", value_enum)]
    min_severity: Option<SeverityArgument>,
    /// Mend in the files what has one sure answer, and show what is left
    #[arg(long)]
    fix: bool,
}

impl CheckArguments {
    fn options(self) -> CheckOptions {
        CheckOptions {
            paths: self.path,
            format: self.format.into(),
            filter: FindingFilter {
                select: self.select,
                ignore: self.ignore,
                min_severity: self.min_severity.map(Severity::from),
            },
            fixes: self.fix,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeverityArgument {
    Error,
    Warning,
    Information,
    Hint,
}

impl From<SeverityArgument> for Severity {
    fn from(severity: SeverityArgument) -> Severity {
        match severity {
            SeverityArgument::Error => Severity::Error,
            SeverityArgument::Warning => Severity::Warning,
            SeverityArgument::Information => Severity::Information,
            SeverityArgument::Hint => Severity::Hint,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FormatArgument {
    /// The line of each finding, marked, and a table of counts
    #[default]
    Pretty,
    /// One line a finding: `path:line:column: severity[code] message`
    Short,
    /// One JSON document
    Json,
    /// One SARIF 2.1.0 document, for code scanning
    Sarif,
    /// One workflow command a finding, which GitHub Actions shows beside its line
    Github,
}

impl From<FormatArgument> for Format {
    fn from(format: FormatArgument) -> Format {
        match format {
            FormatArgument::Pretty => Format::Pretty,
            FormatArgument::Short => Format::Short,
            FormatArgument::Json => Format::Json,
            FormatArgument::Sarif => Format::Sarif,
            FormatArgument::Github => Format::Github,
        }
    }
}

fn main() -> ExitCode {
    // Wrong arguments end the process with 2 in here, as everything does that keeps a command from running.
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        None => return server::serve_stdio(),
        Some(Command::Check(arguments)) => cli::check(&arguments.options()),
        Some(Command::Query { query, format }) => {
            let format = match format {
                QueryFormatArgument::Pretty => QueryFormat::Pretty,
                QueryFormatArgument::Json => QueryFormat::Json,
            };
            cli::query(&QueryOptions { query: query.into(), format })
        }
        Some(Command::Tour { vault }) => cli::tour(&vault),
    };
    ExitCode::from(exit.code())
}
