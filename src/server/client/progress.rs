//! Progress that the client shows while a vault is being read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tower_lsp::ls_types::notification::Progress as ProgressNotification;
use tower_lsp::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use super::Client;
use super::throttle::{Pauses, Throttle};

/// The least time between two reports.
const REPORT_PAUSE: Duration = Duration::from_millis(100);

static TOKENS: AtomicU64 = AtomicU64::new(0);

/// Work in progress, until it is dropped. Shown only if the client can.
pub(crate) struct Progress(Option<Throttle<Step>>);

/// How far the reading of a vault has come.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// The files found or notes read so far.
    done: u64,
    /// How many notes there are, once that is known.
    total: Option<u64>,
}

impl Progress {
    /// Begins to show that work is in progress.
    pub(crate) fn begin(client: &Client, title: String) -> Progress {
        if !client.features().progress {
            return Progress(None);
        }
        let (reports, mut reported) =
            Throttle::<Step>::new(Pauses { after: REPORT_PAUSE, ..Pauses::default() });
        let remote = client.remote().clone();
        client.spawn(async move {
            let number = TOKENS.fetch_add(1, Ordering::Relaxed);
            let token = NumberOrString::String(format!("vaultls/{number}"));
            if remote.create_work_done_progress(token.clone()).await.is_err() {
                return;
            }
            let send = async |value| {
                let value = ProgressParamsValue::WorkDone(value);
                let params = ProgressParams { token: token.clone(), value };
                remote.send_notification::<ProgressNotification>(params).await;
            };
            let begin = WorkDoneProgressBegin {
                title,
                cancellable: Some(false),
                percentage: Some(0),
                ..WorkDoneProgressBegin::default()
            };
            send(WorkDoneProgress::Begin(begin)).await;
            while let Some(step) = reported.next().await {
                send(WorkDoneProgress::Report(step.report())).await;
            }
            send(WorkDoneProgress::End(WorkDoneProgressEnd::default())).await;
        });
        Progress(Some(reports))
    }

    /// Reports how many files have been found.
    pub(crate) fn found(&self, files: u64) {
        self.report(Step { done: files, total: None });
    }

    /// Reports how many notes have been read.
    pub(crate) fn read(&self, notes: u64, total: u64) {
        self.report(Step { done: notes, total: Some(total) });
    }

    fn report(&self, step: Step) {
        if let Some(reports) = &self.0 {
            reports.request(step);
        }
    }
}

impl Step {
    fn report(self) -> WorkDoneProgressReport {
        let Step { done, total } = self;
        let message = match total {
            None => format!("{done} files found"),
            Some(total) => format!("{done} of {total} notes"),
        };
        let percentage = |total: u64| u32::try_from(done * 100 / total.max(1)).unwrap_or(100).min(100);
        let percentage = total.map(percentage);
        WorkDoneProgressReport { message: Some(message), percentage, ..WorkDoneProgressReport::default() }
    }
}
