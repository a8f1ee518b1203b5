/** Why what checkov finds in the platform is left as it is. A finding without a reason here fails scripts/checkov.sh. */

export interface Reason {
  /** `mistaken`: checkov misreads what is there; `accepted`: it is so, and meant. */
  readonly verdict: 'mistaken' | 'accepted';
  readonly why: string;
}

const mistaken = (why: string): Reason => ({ verdict: 'mistaken', why });
const accepted = (why: string): Reason => ({ verdict: 'accepted', why });

const NO_CERTIFICATE = accepted(
  'no domain is named, so no certificate can be had: platform.yaml waives encryption.listener until 2027-05-31; kubernetes.entry.certificate turns TLS on',
);
const LOG_BUCKET = 'a bucket of access or flow logs that forgets by itself: ';

export const REASONS: Readonly<Record<string, Reason>> = {
  CKV_AWS_2: NO_CERTIFICATE,
  CKV_AWS_18: accepted(`${LOG_BUCKET}logging who reads the logs would need a third bucket`),
  CKV_AWS_21: accepted(`${LOG_BUCKET}older versions of a log line do not exist`),
  CKV_AWS_24: mistaken(
    'the rule names the security group of the Instance Connect endpoint as its source, not a block of addresses',
  ),
  CKV_AWS_37: accepted(
    'api, audit and authenticator are kept; scheduler and controllerManager logs of a managed control plane cost 0.50 USD a GB and answer no question of ours',
  ),
  CKV_AWS_103: NO_CERTIFICATE,
  CKV_AWS_118: accepted(
    'enhanced monitoring writes a metric set a minute to CloudWatch Logs at 0.50 USD a GB; Database Insights standard is on and free',
  ),
  CKV_AWS_126: accepted(
    'one-minute EC2 metrics cost 2.10 USD a machine a month; node_exporter gives 15 s ones to Prometheus',
  ),
  CKV_AWS_135: mistaken(
    'every type of the m6g family is EBS-optimized and cannot be otherwise (Amazon EC2 User Guide, "Amazon EBS-optimized instance types")',
  ),
  CKV_AWS_144: accepted(`${LOG_BUCKET}a copy in another region would cost more than the logs are worth`),
  CKV_AWS_145: accepted(
    `${LOG_BUCKET}load balancers can write only to buckets encrypted with Amazon's own keys (Elastic Load Balancing, "Enable access logs")`,
  ),
  CKV_AWS_231: accepted(
    'answers from the internet come to ports 1024-65535, among them 3389, and an ACL keeps no state; nothing in a public subnet listens there, and security groups let nobody in',
  ),
  CKV_AWS_260: accepted('port 80 of the load balancer is the platform’s entry'),
  CKV_AWS_338: accepted(
    '30 days answer what happened; a year of API audit logs would cost twelve times as much. An audit rule that asks for it sets retention in one place',
  ),
  CKV_AWS_339: mistaken('1.36 is newer than the list in this checkov; our own support.version reads EKS’s calendar'),
  CKV_AWS_352: accepted(
    'ACLs divide segments, not services: within a segment, and between segments that may talk, ports are decided by security groups, group to group',
  ),
  CKV_AWS_378: accepted(
    'TLS ends at the load balancer; from there traffic stays inside the VPC and security groups name both ends',
  ),
  CKV2_AWS_5: mistaken(
    'the groups are attached in other stacks, and checkov reads one folder at a time; the groups of the BCP segments wait for their machines',
  ),
  CKV2_AWS_20: NO_CERTIFICATE,
  CKV2_AWS_23: mistaken('the records point at network interfaces of our own, whose addresses outlive the machines'),
  CKV2_AWS_28: accepted(
    'AWS WAF costs 5 USD a month, 1 USD a rule and 0.60 USD a million requests, and the entry serves a hello; it is added with an aws_wafv2_web_acl_association',
  ),
  CKV2_AWS_57: accepted(
    'these secrets are put by whoever makes the users and are read by programs that must restart with them; the database’s master password, the one that AWS can rotate by itself, is rotated every 7 days',
  ),
  CKV2_AWS_62: accepted(`${LOG_BUCKET}nobody waits for a new log file`),
};
