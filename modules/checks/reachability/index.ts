/**
 * reachability: who can open a connection to whom, on which port, and which resource says so: compiled from routes, network
 * ACLs, security groups, NAT and internet gateways of synthesized Terraform. `network.allow` is the specification, port by port:
 * what is open and not allowed fails, and so does what is allowed and closed, for anybody.
 *
 * The model is TCP over IPv4. It knows nothing of who listens: open means that the network lets a connection through and its
 * answers back. `npm run rehearse -- network` sends real packets over a network that other code builds, and compares.
 */
export {
  isRight,
  ownerOf,
  portsAsked,
  reachability,
  wayText,
  type Ask,
  type Cell,
  type Reachability,
  type Way,
} from './matrix';
export { cellName, deniedBy, reachabilityFindings } from './findings';
export { specificationOf, type Specification } from './specification';
export { connect, INTERNET, path, type End, type Path, type Verdict } from './connect';
export { readNetwork, type Network, type Party } from './network';
export { portText, type Ports } from './ports';
