/**
 * reachability: who can open a connection to whom, on which port, and which resource says so: compiled from routes, network
 * ACLs, security groups, NAT and internet gateways of synthesized Terraform. `network.allow` is the specification: what is open
 * and not allowed fails, and so does what is allowed and closed.
 *
 * The model is TCP over IPv4. It knows nothing of who listens: open means that the network lets a connection through and its
 * answers back. `npm run rehearse -- network` sends real packets over a network that other code builds, and compares.
 */
export { reachabilityFindings, reachability, type Cell, type Reachability, type Specification } from './matrix';
export { connect, INTERNET, type Verdict } from './connect';
export { readNetwork, type Network, type Party } from './network';
