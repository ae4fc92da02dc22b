//! The one place that messages pass in the order of the wire.
//!
//! Each handler is polled once as soon as its message is taken. A handler without `.await` is done then, and one that
//! asks something has taken its snapshot; so edits apply in order, a request sees every edit that was sent before it,
//! and a cancellation never waits behind the work that it should stop. A handler that panics costs its own request.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::ExitedError;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_service::Service;

use crate::server::transport::reader::Incoming;

/// Is told of each message before and after its handler was first polled.
pub(crate) trait Listener {
    /// What is remembered of a message in between.
    type Mark;
    /// A message is about to be handled.
    fn before(&self, request: &Request) -> Self::Mark;
    /// It was polled once.
    fn after(&self, mark: Self::Mark);
}

/// The service in front of `tower-lsp`'s; it is called with tickets and takes the messages from the queue.
pub(crate) struct Ingress<S, L> {
    inner: S,
    queue: UnboundedReceiver<Incoming>,
    listener: L,
}

impl<S, L> Ingress<S, L> {
    /// Puts an ingress in front of a service.
    pub(crate) fn new(inner: S, queue: UnboundedReceiver<Incoming>, listener: L) -> Ingress<S, L> {
        Ingress { inner, queue, listener }
    }
}

type Outcome = Result<Option<Response>, ExitedError>;

/// The rest of a handler's work.
pub(crate) struct Answer<F> {
    state: State<F>,
    id: Option<Id>,
}

enum State<F> {
    Ready(Option<Response>),
    Working(Pin<Box<F>>),
    Given,
}

impl<S, L> Service<Request> for Ingress<S, L>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    L: Listener,
{
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, _ticket: Request) -> Self::Future {
        let request = match self.queue.try_recv() {
            Ok(Incoming::Request(request)) => request,
            Ok(Incoming::Malformed(answer)) => return Answer { state: State::Ready(Some(answer)), id: None },
            Err(_) => return Answer { state: State::Ready(None), id: None },
        };
        let id = request.id().cloned();
        if let (true, Some(id)) = (request.method().starts_with("$/"), &id) {
            // `tower-lsp` answers such requests with nothing; LSP wants an error (3.17, "$ Notifications and Requests").
            let answer = Response::from_error(id.clone(), Error::method_not_found());
            return Answer { state: State::Ready(Some(answer)), id: None };
        }
        let mark = self.listener.before(&request);
        let method = request.method().to_owned();
        let inner = &mut self.inner;
        let called = catch_unwind(AssertUnwindSafe(|| Box::pin(inner.call(request))));
        let mut answer = match called {
            Ok(future) => Answer { state: State::Working(future), id },
            Err(_) => Answer { state: State::Ready(panicked(id)), id: None },
        };
        if let Poll::Ready(outcome) = answer.poll_work(&mut Context::from_waker(Waker::noop())) {
            if outcome.is_err() {
                tracing::debug!("{method} came after exit");
            }
            answer.state = State::Ready(outcome.unwrap_or_default());
        }
        self.listener.after(mark);
        answer
    }
}

fn panicked(id: Option<Id>) -> Option<Response> {
    tracing::error!("a handler panicked");
    id.map(|id| Response::from_error(id, Error::internal_error()))
}

impl<F: Future<Output = Outcome>> Answer<F> {
    fn poll_work(&mut self, context: &mut Context<'_>) -> Poll<Outcome> {
        match &mut self.state {
            State::Ready(_) | State::Given => match std::mem::replace(&mut self.state, State::Given) {
                State::Ready(response) => Poll::Ready(Ok(response)),
                _ => Poll::Ready(Ok(None)),
            },
            State::Working(future) => {
                match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
                    Ok(Poll::Pending) => Poll::Pending,
                    Ok(Poll::Ready(outcome)) => Poll::Ready(outcome),
                    Err(_) => Poll::Ready(Ok(panicked(self.id.take()))),
                }
            }
        }
    }
}

impl<F: Future<Output = Outcome>> Future for Answer<F> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = self.poll_work(context);
        if outcome.is_ready() {
            self.state = State::Given;
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::{Arc, Mutex};

    use tokio::sync::mpsc::unbounded_channel;

    struct Silent;

    impl Listener for Silent {
        type Mark = ();
        fn before(&self, _: &Request) {}
        fn after(&self, (): ()) {}
    }

    /// Writes down when handlers start and go on, and panics where the method says so.
    struct Fake(Arc<Mutex<Vec<String>>>);

    impl Service<Request> for Fake {
        type Response = Option<Response>;
        type Error = ExitedError;
        type Future = Pin<Box<dyn Future<Output = Outcome>>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            let (method, id, _) = request.into_parts();
            assert_ne!(method, "panic in call");
            let log = Arc::clone(&self.0);
            Box::pin(async move {
                log.lock().unwrap().push(format!("{method} starts"));
                assert_ne!(method, "panic at once");
                if method != "sync" {
                    tokio::task::yield_now().await;
                }
                assert_ne!(method, "panic later");
                log.lock().unwrap().push(format!("{method} ends"));
                Ok(id.map(|id| Response::from_ok(id, method.into_owned().into())))
            })
        }
    }

    fn ingress(methods: &[&'static str]) -> (Ingress<Fake, Silent>, Arc<Mutex<Vec<String>>>) {
        let (queue, taken) = unbounded_channel();
        for (method, id) in methods.iter().zip(1..) {
            queue.send(Incoming::Request(Request::build(*method).id(id).finish())).unwrap();
        }
        let log = Arc::new(Mutex::new(Vec::new()));
        (Ingress::new(Fake(Arc::clone(&log)), taken, Silent), log)
    }

    fn ticket() -> Request {
        Request::build("vaultls/next").finish()
    }

    #[tokio::test]
    async fn handlers_start_in_the_order_of_the_wire() {
        let (mut ingress, log) = ingress(&["sync", "query", "sync"]);
        let answers = [ingress.call(ticket()), ingress.call(ticket()), ingress.call(ticket())];
        assert_eq!(
            *log.lock().unwrap(),
            ["sync starts", "sync ends", "query starts", "sync starts", "sync ends"]
        );
        for answer in answers.into_iter().rev() {
            assert!(answer.await.unwrap().unwrap().is_ok());
        }
    }

    #[tokio::test]
    async fn a_panic_costs_its_own_request() {
        let (mut ingress, _) =
            ingress(&["panic in call", "panic at once", "panic later", "sync", "$/unknown"]);
        for id in 1..=5 {
            let response = ingress.call(ticket()).await.unwrap().unwrap();
            assert_eq!(*response.id(), Id::Number(id));
            assert_eq!(response.is_ok(), id == 4, "{response:?}");
        }
    }
}
