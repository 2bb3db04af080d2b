//! What happens to every request, whatever it asks for. One file per concern; `http::router` puts them in order.

pub mod csp;
pub mod limits;
pub mod log;
pub mod no_store;
pub mod origin;
pub mod request_id;
