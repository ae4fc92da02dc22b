//! The one place that messages pass in the order of the wire.
//!
//! Each handler is polled once as soon as its message is taken. A handler without `.await` is done then, and
//! the handler of a request has taken its snapshot; so edits apply in order, a request sees every edit that
//! was sent before it, and a cancellation never waits behind the work that it should stop. A handler that
//! panics fails its own request only.

use std::future::{poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::ExitedError;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_service::Service;

use super::reader::Incoming;

/// The service in front of `tower-lsp`'s; it is called with wakeups and takes the messages from the queue.
pub(crate) struct Dispatch<S, L> {
    inner: S,
    queue: UnboundedReceiver<Incoming>,
    before: L,
}

impl<S, L: Fn(&Request)> Dispatch<S, L> {
    /// Dispatches a queue of messages to a service, and calls `before` with each request before its handler.
    pub(crate) fn new(inner: S, queue: UnboundedReceiver<Incoming>, before: L) -> Dispatch<S, L> {
        Dispatch { inner, queue, before }
    }
}

type Outcome = Result<Option<Response>, ExitedError>;
type Answer = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl<S, L> Service<Request> for Dispatch<S, L>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
    L: Fn(&Request),
{
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = Answer;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, _wakeup: Request) -> Answer {
        let request = match self.queue.try_recv() {
            Ok(Incoming::Request(request)) => request,
            Ok(Incoming::Malformed(answer)) => return answered(Some(answer)),
            Err(_) => return answered(None),
        };
        let mut id = request.id().cloned();
        if let (true, Some(id)) = (request.method().starts_with("$/"), &id) {
            // `tower-lsp` answers such requests with nothing; LSP wants an error (3.17, "$ Notifications and
            // Requests").
            return answered(Some(Response::from_error(id.clone(), Error::method_not_found())));
        }
        (self.before)(&request);
        let method = request.method().to_owned();
        let inner = &mut self.inner;
        let called = catch_unwind(AssertUnwindSafe(|| Box::pin(inner.call(request))));
        let Ok(mut handler) = called else { return answered(panicked(id)) };
        let mut rest: Answer = Box::pin(poll_fn(move |context| {
            let polled = catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context)));
            polled.unwrap_or_else(|_| Poll::Ready(Ok(panicked(id.take()))))
        }));
        match rest.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => rest,
            Poll::Ready(outcome) => {
                if outcome.is_err() {
                    tracing::debug!("{method} came after exit");
                }
                answered(outcome.unwrap_or_default())
            }
        }
    }
}

fn answered(response: Option<Response>) -> Answer {
    Box::pin(ready(Ok(response)))
}

fn panicked(id: Option<Id>) -> Option<Response> {
    tracing::error!("a handler panicked");
    id.map(|id| Response::from_error(id, Error::internal_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::{Arc, Mutex};

    use tokio::sync::mpsc::unbounded_channel;

    /// Writes down when handlers start and go on, and panics where the method says so.
    struct Fake(Arc<Mutex<Vec<String>>>);

    impl Service<Request> for Fake {
        type Response = Option<Response>;
        type Error = ExitedError;
        type Future = Answer;

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

    type Log = Arc<Mutex<Vec<String>>>;
    type FakeDispatch = Dispatch<Fake, fn(&Request)>;

    fn dispatch(methods: &[&'static str]) -> (FakeDispatch, Log) {
        let (queue, taken) = unbounded_channel();
        for (method, id) in methods.iter().zip(1..) {
            queue.send(Incoming::Request(Request::build(*method).id(id).finish())).unwrap();
        }
        let log = Arc::new(Mutex::new(Vec::new()));
        (Dispatch::new(Fake(Arc::clone(&log)), taken, |_| ()), log)
    }

    fn wakeup() -> Request {
        Request::build("vaultls/next").finish()
    }

    #[tokio::test]
    async fn handlers_start_in_the_order_of_the_wire() {
        let (mut dispatch, log) = dispatch(&["sync", "query", "sync"]);
        let answers = [dispatch.call(wakeup()), dispatch.call(wakeup()), dispatch.call(wakeup())];
        assert_eq!(
            *log.lock().unwrap(),
            ["sync starts", "sync ends", "query starts", "sync starts", "sync ends"]
        );
        for answer in answers.into_iter().rev() {
            assert!(answer.await.unwrap().unwrap().is_ok());
        }
    }

    #[tokio::test]
    async fn a_panic_fails_its_own_request_only() {
        let (mut dispatch, _) =
            dispatch(&["panic in call", "panic at once", "panic later", "sync", "$/unknown"]);
        for id in 1..=5 {
            let response = dispatch.call(wakeup()).await.unwrap().unwrap();
            assert_eq!(*response.id(), Id::Number(id));
            assert_eq!(response.is_ok(), id == 4, "{response:?}");
        }
    }
}
