/**
 * Names and addresses of things outside the file: what AWS, DNS, Git and registries accept. Limits are constants here because
 * constructs count on them too.
 */
import { isMapping, otherKind, readText, Refused } from './leaf';
import type { Read } from './leaf';
import { show } from './problems';

/**
 * Longest platform name. Load balancers and target groups end at 32 characters (ELBv2 CreateLoadBalancer, CreateTargetGroup):
 * it leaves constructs 12 for a suffix such as `-hello-api`.
 */
export const NAME_LIMIT = 20;

/** Longest segment and node name: an IAM role ends at 64 characters, less the platform's name and a suffix of 12. */
export const LABEL_LIMIT = 64 - NAME_LIMIT - 12;

/** RFC 1123 label that begins with a letter and has no `--` (RDS identifiers accept neither a digit first nor `--`). */
export function label(wanted: string, example: string, limit: number): Read<string> {
  return (value) => {
    const name = readText(value, wanted, example);
    if (name.length > limit) {
      throw new Refused(
        `${show(name)} is ${name.length} characters long`,
        `at most ${limit}, since AWS's own names are made from it`,
      );
    }
    if (!/^[a-z]([a-z0-9]|-(?!-))*$/.test(name) || name.endsWith('-')) {
      const meant = name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^[^a-z]+|-+$/g, '');
      throw new Refused(
        `${show(name)} is not a DNS label (a–z, 0–9 and single hyphens, a letter first)`,
        meant === '' ? `write it like ${example}` : `did you mean ${meant}?`,
      );
    }
    return name;
  };
}

/** S3's rules for general purpose buckets; dots are refused since TLS to a dotted bucket fails. */
export function bucket(value: unknown): string {
  const example = 'my-team-terraform-state';
  if (typeof value !== 'string' || value === '') {
    const { problem, fix } = otherKind(value === '' ? null : value, 'a bucket name', example);
    throw new Refused(problem, fix, ['s3']);
  }
  const name = value;
  const refuse = (why: string) =>
    new Refused(`${show(name)} is no name for an S3 bucket: ${why}`, `write it like ${example}`, ['s3']);
  if (name.length < 3 || name.length > 63) throw refuse('3 to 63 characters are allowed');
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name)) throw refuse('only a–z, 0–9 and hyphens inside are allowed');
  if (/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/.test(name))
    throw refuse('its prefix or suffix is reserved');
  return name;
}

/** A Git repository that Argo CD can clone, without a secret in its address. */
export function repository(value: unknown): string {
  const url = readText(value, 'a Git URL', 'https://github.com/you/cimiento');
  const ssh = /^(ssh:\/\/git@[\w.-]+(:\d+)?\/|git@[\w.-]+:)[\w.~/-]+$/;
  if (ssh.test(url)) return url;
  if (/^https?:\/\/[^/\s]*@/.test(url)) {
    throw new Refused(
      `${show(url.replace(/\/\/[^@]*@/, '//…@'))} carries credentials`,
      'leave them out; give Argo CD a repository secret',
    );
  }
  if (/^http:\/\//.test(url))
    throw new Refused(`${show(url)} is not encrypted`, `did you mean ${url.replace('http:', 'https:')}?`);
  if (/^[\w.-]+\.[a-z]+\/[\w.-]+\/[\w.-]+$/.test(url))
    throw new Refused(`${show(url)} has no scheme`, `did you mean https://${url}?`);
  if (!/^https:\/\/[\w.-]+(:\d+)?(\/[\w.~-]+)+\/?$/.test(url)) {
    throw new Refused(`${show(url)} is not a Git URL`, 'write it like https://github.com/you/cimiento');
  }
  return url;
}

/** What Argo CD follows: a branch, a tag or a commit (git-check-ref-format). */
export function revision(value: unknown): string {
  const name = readText(value, 'a branch, tag or commit', 'main');
  if (/[\s~^:?*[\\]|\.\.|^[-/.]|[/.]$|@\{|\.lock$/.test(name)) {
    throw new Refused(`${show(name)} is not a branch, tag or commit`, 'write it like main');
  }
  if (/[$%]\{/.test(name)) throw new Refused(`${show(name)} is an expression to Terraform`, 'write it like main');
  return name;
}

/** Registry and path under which images are published: `docker.io/you`; tags belong to the workloads. */
export function images(value: unknown): string {
  const prefix = readText(value, 'an image repository', 'docker.io/you');
  if (/^[a-z+]+:\/\//i.test(prefix))
    throw new Refused(`${show(prefix)} is a URL`, `did you mean ${prefix.replace(/^[^/]*\/\//, '')}?`);
  if (prefix.includes('@'))
    throw new Refused(`${show(prefix)} names a digest`, `did you mean ${prefix.split('@')[0]}?`);
  if (/:[^/]*$/.test(prefix.slice(prefix.indexOf('/') + 1)) && prefix.includes('/')) {
    throw new Refused(`${show(prefix)} has a tag`, `did you mean ${prefix.replace(/:[^/]*$/, '')}?`);
  }
  if (/[A-Z]/.test(prefix))
    throw new Refused(`${show(prefix)} has capitals, which registries refuse`, `did you mean ${prefix.toLowerCase()}?`);
  if (!/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$/.test(prefix)) {
    throw new Refused(`${show(prefix)} is not an image repository`, 'write it like docker.io/you');
  }
  if (!/[.:]|^localhost\//.test(prefix.split('/')[0]!)) {
    throw new Refused(`${show(prefix)} names no registry`, `did you mean docker.io/${prefix}?`);
  }
  return prefix;
}

/** An IAM user or role, the principals that an EKS access entry takes. */
export function principal(value: unknown): string {
  const arn = readText(value, 'the ARN of an IAM user or role', 'arn:aws:iam::123456789012:role/admin');
  const session = /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/.+$/.exec(arn);
  if (session !== null) {
    const role = `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
    throw new Refused(`${show(arn)} is one session, not a role`, `did you mean ${role}?`);
  }
  if (/^arn:aws[\w-]*:iam::\d{12}:(root|group\/.+)$/.test(arn)) {
    throw new Refused(`${show(arn)} cannot have an EKS access entry`, 'name a user or a role');
  }
  if (!/^arn:aws[\w-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn)) {
    throw new Refused(
      `${show(arn)} is not the ARN of an IAM user or role`,
      'write it like arn:aws:iam::123456789012:role/admin',
    );
  }
  return arn;
}

/** An ACM certificate; that it is of the platform's region is judged when the region is known. */
export function certificate(value: unknown): string {
  const example = 'arn:aws:acm:us-east-2:123456789012:certificate/0f9f8c1e-8a3b-4e8e-9c43-1f2e3d4c5b6a';
  const arn = readText(value, 'the ARN of an ACM certificate', example);
  if (!/^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/.test(arn)) {
    throw new Refused(`${show(arn)} is not the ARN of an ACM certificate`, `write it like ${example}`);
  }
  return arn;
}

export function email(value: unknown): string {
  const address = readText(value, 'an e-mail address', 'ops@example.com');
  // The characters of RFC 5322 that need no quotes, without those that begin an expression of Terraform's or a tag of HTML's.
  if (!/^[\w.!#&'*+/=?^`|~-]+@[a-z\d-]+(\.[a-z\d-]+)+$/i.test(address)) {
    throw new Refused(`${show(address)} is not an e-mail address`, 'write it like ops@example.com');
  }
  return address;
}

/** Fifty tags a resource (AWS Tagging), less those that the platform sets itself. */
const MOST_TAGS = 40;

/** What the platform tags every resource with itself; each stack must give all of them. IAM tells no `name` from `Name`. */
const OWN_TAGS = ['Name', 'project', 'stack', 'managed-by'] as const;
export type OwnTag = (typeof OWN_TAGS)[number];

/** AWS's rules for tags: 128 and 256 characters, letters, digits, spaces and `_.:/=+-@`, no key that begins with `aws:`. */
export function tags(value: unknown): Record<string, string> {
  if (!isMapping(value)) throw otherKind(value, 'a mapping', '{ team: platform }');
  const keys = Object.keys(value);
  const entries = Object.entries(value).map(([key, given]) => {
    if (/^aws:/i.test(key))
      throw new Refused(`tag keys that begin with aws: are AWS's own`, `did you mean ${key.slice(4) || 'team'}?`, [
        key,
      ]);
    const own = OWN_TAGS.find((one) => one.toLowerCase() === key.toLowerCase());
    if (own !== undefined) throw new Refused(`every resource has a ${own} tag of its own`, 'choose another key', [key]);
    const other = keys.find((one) => one.toLowerCase() === key.toLowerCase());
    if (other !== key) throw new Refused(`${key} and ${other} are one tag to IAM`, 'keep one of the two', [key]);
    if (!/^[\p{L}\p{N} _.:/=+@-]{1,128}$/u.test(key)) {
      throw new Refused(`${show(key)} is no tag key`, 'up to 128 letters, digits, spaces and _.:/=+-@', [key]);
    }
    if (typeof given !== 'string') {
      const { problem, fix } = otherKind(given, 'text', 'platform');
      throw new Refused(
        problem,
        typeof given === 'number' || typeof given === 'boolean' ? `quote it: '${given}'` : fix,
        [key],
      );
    }
    if (!/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u.test(given)) {
      throw new Refused(`${show(given)} is no tag value`, 'up to 256 letters, digits, spaces and _.:/=+-@', [key]);
    }
    return [key, given] as const;
  });
  if (entries.length > MOST_TAGS)
    throw new Refused(
      `${entries.length} tags are too many`,
      `at most ${MOST_TAGS}: AWS allows 50 a resource, some are the platform's`,
    );
  return Object.fromEntries(entries);
}
