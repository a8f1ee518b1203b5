/**
 * AWS as constructs: one concept a file, typed props in, typed outputs out. What can be decided without cdktf is decided in
 * plain functions beside them (acl-rules, security-rules, segments, ports), so that it can be tested as data.
 *
 * Stacks import the files themselves; this page says what there is.
 *
 * - network: vpc, subnets, routing, acl-rules and segment-acls, security-rules and security-groups, rejected-traffic-log
 * - cluster: eks-cluster, eks-addons, eks-nodes, pod-roles, entry
 * - data: see the files of the data stack, and cloud-init for what its machines do when they boot
 * - nodes: service-node, daily-snapshots
 * - what several use: role, machine, encryption-key, private-bucket, log-bucket, policy-document, names, ports, segments
 *
 * Between stacks pass only the types of outputs.ts.
 */
export type { ClusterOutputs, DataOutputs, NetworkOutputs, NodesOutputs, SecurityGroupName } from './outputs';
