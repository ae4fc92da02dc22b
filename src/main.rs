//! The `vaultls` program: arguments in, exit code out.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use vaultls::cli::{
    self, CheckOptions, CodeName, Exit, FindingFilter, Format, GraphFormat, ListedKind, Query, QueryFormat,
    QueryOptions, Report, ReportOptions, Spot,
};
use vaultls::config::Severity;
use vaultls::server;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A language server for vaults of linked Markdown notes and video timestamps.
///
/// Without a command it serves the Language Server Protocol on stdin and stdout.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Serve on stdin and stdout (default)
    // Some editors pass it twice.
    #[arg(long, overrides_with = "stdio")]
    stdio: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check all notes of a vault
    ///
    /// Exit codes: 0 without findings, 1 with findings, 2 if the check failed.
    Check(CheckArguments),
    /// Answer one request of an editor
    ///
    /// A place is FILE:LINE:COLUMN, counted from 1, as in the output of `check`.
    /// Exit codes: 0 with an answer, 1 without one, 2 if the query failed.
    Query {
        #[command(subcommand)]
        query: QueryArgument,
        /// Output format
        #[arg(long, value_enum, default_value_t, global = true)]
        format: QueryFormatArgument,
    },
    /// Write all files of a vault and the links between them
    Graph {
        /// Folder of the vault
        #[arg(default_value = ".")]
        vault: PathBuf,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: GraphFormatArgument,
    },
    /// Show a vault in numbers
    Stats {
        /// Folder of the vault
        #[arg(default_value = ".")]
        vault: PathBuf,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: QueryFormatArgument,
    },
    /// List what a vault holds
    List {
        /// What to list
        #[arg(value_enum)]
        what: ListArgument,
        /// Folder of the vault
        #[arg(default_value = ".")]
        vault: PathBuf,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: QueryFormatArgument,
    },
    /// Explain a diagnostic, or all of a group
    Explain {
        /// Code or group, such as `link/missing-note`
        code: CodeName,
    },
    /// Write a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Write the manual page
    Man,
    /// Show a session of an editor with the server in a vault
    ///
    /// Nothing is written to the vault. Exit codes: 0 if every step was answered, 1 if not, 2 if the
    /// tour failed.
    Tour {
        /// Folder of the vault
        #[arg(default_value = ".")]
        vault: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum QueryArgument {
    /// Target of the link, label or tag at a place
    Definition { place: Spot },
    /// All references to the symbol at a place
    References { place: Spot },
    /// Hover text at a place, as Markdown
    Hover { place: Spot },
    /// Completions at a place
    Complete { place: Spot },
    /// Links to a note or attachment
    Backlinks { file: PathBuf },
    /// Titles, aliases, headings, tags and videos that match a query
    Symbols {
        query: String,
        /// Folder of the vault
        #[arg(long, default_value = ".")]
        vault: PathBuf,
    },
    /// All timestamps of a video, with the sentences around them
    Moments {
        /// ID of the video: 11 characters
        #[arg(allow_hyphen_values = true)]
        video: String,
        /// Folder of the vault
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
            QueryArgument::Symbols { query, vault } => Query::Symbols { vault, text: query },
            QueryArgument::Moments { video, vault } => Query::Moments { vault, video },
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum QueryFormatArgument {
    /// One line per place
    #[default]
    Pretty,
    /// JSON array
    Json,
}

impl From<QueryFormatArgument> for QueryFormat {
    fn from(format: QueryFormatArgument) -> QueryFormat {
        match format {
            QueryFormatArgument::Pretty => QueryFormat::Pretty,
            QueryFormatArgument::Json => QueryFormat::Json,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum GraphFormatArgument {
    /// JSON object with `nodes` and `edges`
    #[default]
    Json,
    /// Graphviz
    Dot,
    /// GraphML
    Graphml,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListArgument {
    /// Notes and their titles
    Notes,
    /// Tags, those of most notes first
    Tags,
    /// Headings
    Headings,
    /// Notes that no other note links
    Orphans,
    /// Links that should lead to a file of the vault and find none
    Broken,
    /// Names that wikilinks use and no file has, those of most notes first
    Unresolved,
}

impl From<ListArgument> for ListedKind {
    fn from(what: ListArgument) -> ListedKind {
        match what {
            ListArgument::Notes => ListedKind::Notes,
            ListArgument::Tags => ListedKind::Tags,
            ListArgument::Headings => ListedKind::Headings,
            ListArgument::Orphans => ListedKind::Orphans,
            ListArgument::Broken => ListedKind::Broken,
            ListArgument::Unresolved => ListedKind::Unresolved,
        }
    }
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// Vaults, or files and folders in vaults
    #[arg(default_value = ".")]
    path: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: FormatArgument,
    /// Diagnostics or groups to report, separated by commas, such as `link/missing-note,timestamp`
    #[arg(long, value_name = "CODE|GROUP", value_delimiter = ',')]
    select: Vec<CodeName>,
    /// Diagnostics or groups to ignore (overrides `--select`)
    #[arg(long, value_name = "CODE|GROUP", value_delimiter = ',')]
    ignore: Vec<CodeName>,
    /// Minimum severity to report
    #[arg(long, value_name = "SEVERITY", value_enum)]
    min_severity: Option<SeverityArgument>,
    /// Apply safe fixes, then report what is left
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
    /// Source line of each finding, and a table of counts
    #[default]
    Pretty,
    /// One line per finding: `path:line:column: severity[code] message`
    Short,
    /// JSON document
    Json,
    /// SARIF 2.1.0 document, for code scanning
    Sarif,
    /// One workflow command per finding, for GitHub Actions
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
    // Exits with 2 on invalid arguments.
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        None => return server::serve_stdio(),
        Some(Command::Check(arguments)) => cli::check(&arguments.options()),
        Some(Command::Query { query, format }) => {
            cli::query(&QueryOptions { query: query.into(), format: format.into() })
        }
        Some(Command::Graph { vault, format }) => {
            let format = match format {
                GraphFormatArgument::Json => GraphFormat::Json,
                GraphFormatArgument::Dot => GraphFormat::Dot,
                GraphFormatArgument::Graphml => GraphFormat::GraphMl,
            };
            cli::report(&ReportOptions { vault, report: Report::Graph(format) })
        }
        Some(Command::Stats { vault, format }) => {
            cli::report(&ReportOptions { vault, report: Report::Stats(format.into()) })
        }
        Some(Command::List { what, vault, format }) => {
            cli::report(&ReportOptions { vault, report: Report::List(what.into(), format.into()) })
        }
        Some(Command::Explain { code }) => cli::explain(&code),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "vaultls", &mut script);
            cli::print(&script)
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            match clap_mangen::Man::new(Arguments::command()).render(&mut page) {
                Ok(()) => cli::print(&page),
                Err(_) => Exit::Failed,
            }
        }
        Some(Command::Tour { vault }) => cli::tour(&vault),
    };
    ExitCode::from(exit.code())
}
