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
pub(crate) struct Progress(Option<Throttle<(u64, u64)>>);

impl Progress {
    /// Begins to show that work is in progress.
    pub(crate) fn begin(client: &Client, title: String) -> Progress {
        if !client.features().progress {
            return Progress(None);
        }
        let (reports, mut reported) = Throttle::new(Pauses { after: REPORT_PAUSE, ..Pauses::default() });
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
            let begin =
                WorkDoneProgressBegin { title, cancellable: Some(false), ..WorkDoneProgressBegin::default() };
            send(WorkDoneProgress::Begin(begin)).await;
            while let Some((notes, attachments)) = reported.next().await {
                let message = Some(format!("{notes} notes, {attachments} attachments"));
                let report = WorkDoneProgressReport { message, ..WorkDoneProgressReport::default() };
                send(WorkDoneProgress::Report(report)).await;
            }
            send(WorkDoneProgress::End(WorkDoneProgressEnd::default())).await;
        });
        Progress(Some(reports))
    }

    /// Reports how many notes and attachments have been found.
    pub(crate) fn report(&self, notes: u64, attachments: u64) {
        if let Some(reports) = &self.0 {
            reports.request((notes, attachments));
        }
    }
}
