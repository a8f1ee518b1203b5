/**
 * The way in: a load balancer over the public Kubernetes subnets, and the target group that the load balancer controller
 * fills with pods. Terraform's, so that it is priced, and that no orphan outlives `destroy`.
 *
 * With a certificate it speaks HTTPS, and HTTP only to say so. Without one, plain HTTP: a certificate needs a domain that is
 * proved to be ours, and until platform.yaml names one `cimiento check` keeps saying it.
 */
import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Construct } from 'constructs';
import { LogBucket } from './log-bucket';
import { named } from './names';
import { ENTRY_POD_PORT, HTTP_PORT, HTTPS_PORT } from './ports';

/** Seconds. haproxy behind it keeps connections longer, or a request meets a closing one and the client sees a 502. */
export const ENTRY_IDLE_TIMEOUT = 60;

/** Seconds in which a leaving pod finishes what it has; its preStop waits for the deregistration to spread. */
const DEREGISTRATION_DELAY = 30;

/** TLS 1.3 and 1.2 with forward secrecy: AWS's recommended policy ("Security policies for your Application Load Balancer"). */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

const TO_HTTPS = {
  type: 'redirect',
  redirect: { protocol: 'HTTPS', port: `${HTTPS_PORT}`, statusCode: 'HTTP_301' },
};

export interface EntryProps {
  readonly name: string;
  readonly accountId: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** ARN of an ACM certificate of the same region. */
  readonly certificateArn?: string;
  readonly protection: boolean;
}

export class Entry extends Construct {
  readonly dnsName: string;
  readonly targetGroupArn: string;

  constructor(scope: Construct, id: string, props: EntryProps) {
    super(scope, id);
    const name = named('loadBalancer', props.name, 'entry');
    const logs = new LogBucket(this, 'access-logs', {
      name: props.name,
      purpose: 'access-logs',
      statements: (arn) => [
        {
          Sid: 'Deliver',
          Effect: 'Allow',
          Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: `${arn}/AWSLogs/${props.accountId}/*`,
        },
      ],
    });

    const balancer = new Lb(this, 'this', {
      name,
      loadBalancerType: 'application',
      internal: false,
      subnets: [...props.subnetIds],
      securityGroups: [props.securityGroupId],
      idleTimeout: ENTRY_IDLE_TIMEOUT,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: props.protection,
      accessLogs: { enabled: true, bucket: logs.bucketName },
      // The balancer writes a test object when logs are switched on, and is refused if it may not.
      dependsOn: [logs.policy],
    });
    const targets = new LbTargetGroup(this, 'targets', {
      name,
      vpcId: props.vpcId,
      targetType: 'ip',
      protocol: 'HTTP',
      port: ENTRY_POD_PORT,
      deregistrationDelay: `${DEREGISTRATION_DELAY}`,
      healthCheck: {
        path: '/readyz',
        port: 'traffic-port',
        matcher: '200',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
    const forward = { type: 'forward', targetGroupArn: targets.arn };
    if (props.certificateArn !== undefined) {
      new LbListener(this, 'https', {
        loadBalancerArn: balancer.arn,
        port: HTTPS_PORT,
        protocol: 'HTTPS',
        sslPolicy: TLS_POLICY,
        certificateArn: props.certificateArn,
        defaultAction: [forward],
      });
    }
    new LbListener(this, 'http', {
      loadBalancerArn: balancer.arn,
      port: HTTP_PORT,
      protocol: 'HTTP',
      defaultAction: [props.certificateArn === undefined ? forward : TO_HTTPS],
    });
    this.dnsName = balancer.dnsName;
    this.targetGroupArn = targets.arn;
  }
}
