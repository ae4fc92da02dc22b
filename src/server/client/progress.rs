//! Progress that the client shows while a vault is being read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower_lsp::ls_types::notification::Progress as ProgressNotification;
use tower_lsp::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use crate::server::session::Session;

/// Reports follow each other no faster than this.
const REPORT_PAUSE: Duration = Duration::from_millis(100);

static TOKENS: AtomicU64 = AtomicU64::new(0);

/// One thing under way, until it is dropped. Shown only if the client can.
pub(crate) struct Progress {
    reports: Option<UnboundedSender<(u64, u64)>>,
}

impl Progress {
    /// Begins to show that something is under way.
    pub(crate) fn begin(session: &Arc<Session>, title: String) -> Progress {
        if !session.features().progress {
            return Progress { reports: None };
        }
        let (reports, mut reported) = unbounded_channel::<(u64, u64)>();
        let client = session.client.clone();
        session.spawn(async move {
            let number = TOKENS.fetch_add(1, Ordering::Relaxed);
            let token = NumberOrString::String(format!("vaultls/{number}"));
            if client.create_work_done_progress(token.clone()).await.is_err() {
                return;
            }
            let send = async |value| {
                let value = ProgressParamsValue::WorkDone(value);
                let params = ProgressParams { token: token.clone(), value };
                client.send_notification::<ProgressNotification>(params).await;
            };
            let begin =
                WorkDoneProgressBegin { title, cancellable: Some(false), ..WorkDoneProgressBegin::default() };
            send(WorkDoneProgress::Begin(begin)).await;
            while let Some(mut counts) = reported.recv().await {
                while let Ok(later) = reported.try_recv() {
                    counts = later;
                }
                let message = Some(counts_in_words(counts));
                let report = WorkDoneProgressReport { message, ..WorkDoneProgressReport::default() };
                send(WorkDoneProgress::Report(report)).await;
                tokio::time::sleep(REPORT_PAUSE).await;
            }
            send(WorkDoneProgress::End(WorkDoneProgressEnd::default())).await;
        });
        Progress { reports: Some(reports) }
    }

    /// Says how many notes and attachments have been found.
    pub(crate) fn report(&self, notes: u64, attachments: u64) {
        if let Some(reports) = &self.reports {
            let _ = reports.send((notes, attachments));
        }
    }
}

fn counts_in_words((notes, attachments): (u64, u64)) -> String {
    format!("{notes} notes, {attachments} attachments")
}
