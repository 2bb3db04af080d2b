//! Addresses of the Internet, as far as limits need them. It must not know what is counted.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};

/// Whether an address is in one of these networks.
#[must_use]
pub fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// One address for all that one person is likely to have: a network of IPv6 (/64) counts as one place, for whoever has
/// one address of it has them all. IPv4 written as IPv6 is IPv4.
#[must_use]
pub fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        IpAddr::V4(address) => address.into(),
    }
}
