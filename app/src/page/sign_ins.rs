//! One's own sign-ins: where one is signed in, and ending any of it. Plain forms that work without script.

use crate::{
    api::session::list_sign_ins,
    domain::sign_in::SignIn,
    href,
    ui::{Erase as _, Failure, Moment, loading, page_title},
    wire,
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn SignIns() -> impl IntoView {
    let sign_ins = wire::load(|| (), |()| list_sign_ins());
    view! {
        {page_title("Your sign-ins")}
        <div class="head">
            <h1>"Your sign-ins"</h1>
            <span class="grow"></span>
            <form method="post" action=href::SIGN_OUT><button class="btn" type="submit">"Sign out here"</button></form>
        </div>
        <section class="card">
            {loading(move || Box::pin(async move {
                    match sign_ins.get().await {
                        Ok(list) => table(list).into_any(),
                        Err(error) => view! { <Failure error retry=Callback::new(move |()| sign_ins.refetch())/> }.erased(),
                    }
                }))}
        </section>
    }
    .erased()
}

fn table(list: Vec<SignIn>) -> impl IntoView {
    let others = list.iter().any(|sign_in| !sign_in.current);
    view! {
        <table class="plain">
            <thead>
                <tr>
                    <th scope="col">"Device"</th>
                    <th scope="col">"IP address"</th>
                    <th scope="col">"Signed in"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col"><span class="visually-hidden">"End"</span></th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(row).collect_view()}</tbody>
        </table>
        {others.then(|| view! {
            <form class="bar" method="post" action=href::END_SIGN_INS>
                <input type="hidden" name="all_others" value="1"/>
                <button class="btn" type="submit">"End all others"</button>
            </form>
        }.erased())}
    }
    .erased()
}

fn row(sign_in: SignIn) -> impl IntoView {
    let end = format!("End: {}", sign_in.device);
    view! {
        <tr>
            <td>{sign_in.device}<small><bdi>{sign_in.user_agent}</bdi></small></td>
            <td data-l="IP address">{sign_in.address.unwrap_or_else(|| "Unknown".into())}</td>
            <td data-l="Signed in"><Moment at=sign_in.created_at/></td>
            <td data-l="Last used"><Moment at=sign_in.last_seen_at/></td>
            <td>
                {if sign_in.current {
                    view! { <span class="chip ok">"This one"</span> }.erased()
                } else {
                    view! {
                        <form method="post" action=href::END_SIGN_INS>
                            <input type="hidden" name="handle" value=sign_in.handle/>
                            <button class="btn small" type="submit" aria-label=end>"End"</button>
                        </form>
                    }
                    .erased()
                }}
            </td>
        </tr>
    }
    .erased()
}
