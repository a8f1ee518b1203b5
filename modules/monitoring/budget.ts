/**
 * The series budget: what Prometheus has to hold for each job, at the platform's size and ten times it.
 *
 * series of a job = targets × (fixed + Σ per unit × units + what Prometheus adds of a scrape). Fixed and per unit are counted in
 * lab/expositions/recordings (series.ts); how many targets and units there are is said here.
 */
import type { ExporterName } from './exporters';
import type { Formula, Unit } from './series';
import { seriesAt } from './series';

/** What of platform.yaml decides how much there is to watch. */
export interface PlatformSize {
  readonly kubernetesNodes: number;
  readonly kafkaNodes: number;
  readonly mongodbNodes: number;
  readonly serviceNodes: number;
  /** Whether Amazon runs the brokers, with its own exporter. */
  readonly managedKafka: boolean;
}

interface Sized extends Unit {
  /** In one scrape. */
  readonly size: number;
}

export interface Job {
  readonly name: string;
  readonly exporter: ExporterName;
  /** Those of the exporter's recordings that are of this job; all, if it says none. */
  readonly recording?: string;
  readonly targets: number;
  /** What a platform ten times as large has more of: targets of this job, or units in each of them. */
  readonly grows: 'targets' | 'units';
  readonly units: readonly Sized[];
  /** Labels with few values, which the program, its configuration or the machine's make knows: counted in the fixed part, or in a unit's. */
  readonly vocabulary: string;
  /** Labels with one value for each unit (a version, an address, an id): as many values as you like, no series more. */
  readonly describes: string;
  /** Most series of the whole job at ten times the size. */
  readonly ceiling: number;
}

/** Jobs of which there is no recording: not measured. The figures are assumptions, on the high side, and counted apart. */
export interface Allowance {
  readonly name: string;
  readonly targets: number;
  readonly each: number;
  readonly why: string;
  /** The job in whose scrapes they are, where the rest of it was measured. */
  readonly of?: string;
}

/** up, scrape_duration_seconds, scrape_samples_scraped, scrape_samples_post_metric_relabeling, scrape_series_added. */
export const OF_A_SCRAPE = 5;

/** An assumption: histograms of Kubernetes' component-base and of client-go have 10 to 15 bounds, and +Inf. */
export const BUCKETS = 15;

/**
 * Memory of Prometheus for a series that is scraped, its share of the index and of the chunk in memory included. Measured on
 * 2026-11-26: Prometheus 3.15.0, 50,000 series with cAdvisor's labels every 15 s, was 347 MiB after two to four minutes, 97 of them
 * idle: 5.1 KiB a series. Queries, rules and full chunks were not in it, so 8 is an assumption on top.
 */
export const BYTES_PER_SERIES = 8 * 1024;

/** What an idle Prometheus takes: prometheus.prom, process_resident_memory_bytes with 719 series, is 97 MiB; rounded up. */
export const IDLE_BYTES = 128 * 1024 ** 2;

/** Series that ended (a rolled-out pod's) stay in memory for up to three hours: one part in two more. */
export const CHURN = 1.5;

/**
 * Most series of all jobs, measured and allowed for: at the platform's size what gitops/root/overlays/eks.yaml has memory for, at ten
 * times it what one Prometheus of a 32 GiB machine holds with as much to spare.
 */
export const WHOLE = { once: 200_000, tenfold: 1_600_000 };

/** A scrape is refused at twice what a target ten times as large would have. */
export const LIMIT_MULTIPLE = 2;

export const TENFOLD = 10;

/** Of the Go client, in every exporter written in Go. */
const GO = 'quantile code cause';
const GO_BUILD = 'version revision branch goversion goos goarch tags';

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const NODE_EXPORTER = {
  exporter: 'node_exporter',
  grows: 'targets',
  units: [
    { name: 'CPUs', by: ['cpu'], size: 2 },
    // A pod has one: 29 pods are what AWS lets a 2-vCPU "large" run (eni-max-pods.txt of amazon-eks-ami).
    { name: 'network devices', by: ['device'], of: /^node_network_/, size: 32 },
    { name: 'disks', by: ['device'], of: /^node_disk_/, size: 4 },
    { name: 'file systems', by: ['device', 'mountpoint', 'fstype'], of: /^node_filesystem_/, size: 8 },
  ],
  vocabulary: `${GO} collector mode clocksource ip queue name device_error`,
  describes: `${GO_BUILD} address adminstate broadcast duplex ifalias operstate build_id domainname id id_like image_id image_version machine major minor model nodename path pretty_name release rotational serial sysname time_zone variant variant_id version_codename version_id wwn`,
} as const satisfies Partial<Job>;

/** A node runs so many pods at most, see NODE_EXPORTER; two containers a pod are an assumption. */
const PODS_A_NODE = 29;
const CONTAINERS_A_POD = 2;

export function jobsOf(size: PlatformSize): readonly Job[] {
  const pods = size.kubernetesNodes * PODS_A_NODE;
  const routes = 12;
  const brokers = size.managedKafka ? 0 : size.kafkaNodes;
  return [
    {
      name: 'hello-api, app-metrics',
      exporter: 'hello_api',
      targets: 9, // maxReplicas of apps/hello-api/deploy/base/horizontalpodautoscaler.yaml
      grows: 'targets',
      units: [
        { name: 'routes that failed', by: ['route'], size: routes },
        { name: 'routes by method', by: ['route', 'method'], size: 2 * routes },
        { name: 'answers', by: ['route', 'method', 'status'], size: 6 * routes },
      ],
      vocabulary: 'le level',
      describes: 'version revision',
      ceiling: 60_000,
    },
    {
      name: 'hello-api, edge-metrics',
      exporter: 'haproxy',
      targets: 9,
      grows: 'targets',
      units: [
        { name: 'frontends', by: ['proxy'], of: /^haproxy_frontend_/, size: 2 },
        { name: 'backends', by: ['proxy'], of: /^haproxy_backend_/, size: 1 },
        { name: 'servers', by: ['proxy', 'server'], of: /^haproxy_server_/, size: 1 },
      ],
      vocabulary: 'state code',
      describes: 'version',
      ceiling: 40_000,
    },
    {
      name: 'kafka (own brokers)',
      exporter: 'jmx_exporter',
      targets: brokers,
      grows: 'targets',
      units: [
        // A Kafka broker knows about 90 requests, of which clients speak a few versions each.
        { name: 'requests by version', by: ['request', 'version'], of: /requestspersec/, size: 120 },
        { name: 'requests with a time', by: ['request'], of: /totaltimems/, size: 2 },
      ],
      vocabulary: 'area gc pool state quantile',
      describes: 'name runtime vendor version',
      ceiling: 20_000,
    },
    {
      name: 'kafka (Amazon MSK)',
      exporter: 'msk',
      targets: size.managedKafka ? size.kafkaNodes : 0,
      grows: 'targets',
      units: [
        { name: 'requests by version', by: ['request', 'version'], of: /RequestMetrics_/, size: 120 },
        { name: 'other brokers', by: ['broker'], of: /^kafka_controller_/, size: 3 },
        { name: 'log directories', by: ['logDirectory'], size: 1 },
      ],
      vocabulary: 'area gc pool state name',
      describes: 'runtime vendor version',
      ceiling: 60_000,
    },
    {
      name: 'kafka_exporter',
      exporter: 'kafka_exporter',
      targets: 1, // the platform installs none; one beside the cluster
      grows: 'units',
      units: [
        { name: 'brokers', by: ['id'], of: /^kafka_broker_info/, size: size.kafkaNodes },
        { name: 'topics', by: ['topic'], size: 20 },
        { name: 'partitions', by: ['topic', 'partition'], size: 120 },
        { name: 'groups', by: ['consumergroup'], size: 10 },
        { name: 'topics of a group', by: ['consumergroup', 'topic'], size: 20 },
        // The product that is real: each group that reads a topic has an offset in each of its partitions.
        { name: 'partitions of a group', by: ['consumergroup', 'topic', 'partition'], size: 120 },
      ],
      vocabulary: GO,
      describes: `${GO_BUILD} address`,
      ceiling: 20_000,
    },
    {
      name: 'rabbitmq, aggregated',
      exporter: 'rabbitmq',
      targets: 3, // the platform runs none; a team's cluster of three
      grows: 'units',
      units: [
        { name: 'schedulers', by: ['instance_no'], of: /^erlang_vm_allocators/, size: 3 },
        { name: 'threads', by: ['type', 'id'], of: /^erlang_vm_msacc_/, size: 17 },
        { name: 'tables', by: ['table'], of: /^erlang_mnesia_/, size: 32 },
        { name: 'peers', by: ['peer'], size: 2 },
      ],
      vocabulary: 'alloc kind usage protocol queue_type dead_letter_strategy content_type encoding registry type',
      describes:
        'rabbitmq_node rabbitmq_cluster rabbitmq_cluster_permanent_id rabbitmq_version prometheus_client_version prometheus_plugin_version erlang_version',
      ceiling: 30_000,
    },
    {
      name: 'rabbitmq, detailed',
      exporter: 'rabbitmq_detailed',
      targets: 3,
      grows: 'units',
      units: [{ name: 'queues', by: ['vhost', 'queue'], size: 100 }],
      vocabulary: '',
      describes:
        'rabbitmq_node rabbitmq_cluster rabbitmq_cluster_permanent_id rabbitmq_version prometheus_client_version prometheus_plugin_version erlang_version',
      ceiling: 20_000,
    },
    {
      name: 'postgres_exporter',
      exporter: 'postgres_exporter',
      targets: 1,
      grows: 'units',
      units: [
        { name: 'databases', by: ['datname'], size: 4 },
        { name: 'tables', by: ['datname', 'schemaname', 'relname'], of: /_user_tables_/, size: 50 },
        { name: 'roles', by: ['rolname'], size: 20 },
        // application_name is whatever a client says; a session has one, so there are at most as many as connections.
        {
          name: 'kinds of session',
          by: ['application_name', 'backend_type', 'datname', 'state', 'usename', 'wait_event', 'wait_event_type'],
          of: /^pg_stat_activity_/,
          size: 100,
        },
      ],
      vocabulary: `${GO} collector mode`,
      describes: `${GO_BUILD} server datid short_version`,
      ceiling: 25_000,
    },
    {
      name: 'mongodb',
      exporter: 'mongodb_exporter',
      targets: size.mongodbNodes,
      grows: 'targets',
      units: [
        { name: 'members', by: ['member_idx'], of: /^mongodb_(rs_)?members_/, size: size.mongodbNodes },
        // The same by their old names, which --compatible-mode adds.
        { name: 'members once more', by: ['name'], of: /^mongodb_mongod_replset_/, size: size.mongodbNodes },
      ],
      vocabulary: `${GO} assert_type cluster_role cmd_name collector concern_type conn_type count_type csr_type doc_op_type exporter
        legacy_op_type lock_mode op_type perf_bucket resource self state txn_rw type`,
      describes: `${GO_BUILD} cl_id cl_role edition engine member_state mongodb rs_nm rs_state set vendor`,
      ceiling: 80_000,
    },
    { ...NODE_EXPORTER, name: 'node-exporter (Kubernetes)', targets: size.kubernetesNodes, ceiling: 60_000 },
    {
      ...NODE_EXPORTER,
      name: 'node (Kafka, MongoDB)',
      targets: brokers + size.mongodbNodes,
      ceiling: 120_000,
    },
    { ...NODE_EXPORTER, name: 'service-nodes', targets: size.serviceNodes, ceiling: 80_000 },
    {
      name: 'kube-state-metrics',
      exporter: 'kubernetes',
      recording: 'kube-state-metrics.prom',
      targets: 1,
      grows: 'units',
      units: [
        { name: 'nodes', by: ['node'], of: /^kube_node_/, size: size.kubernetesNodes },
        { name: 'namespaces', by: ['namespace'], of: /^kube_namespace_/, size: 12 },
        { name: 'pods', by: ['namespace', 'pod'], of: /^kube_pod_/, size: pods },
        {
          name: 'containers',
          by: ['namespace', 'pod', 'container'],
          of: /^kube_pod_(container|init_container)_/,
          size: pods * CONTAINERS_A_POD,
        },
        { name: 'volumes of a pod', by: ['namespace', 'pod', 'volume'], of: /^kube_pod_spec_volumes_/, size: 12 },
        { name: 'deployments', by: ['namespace', 'deployment'], of: /^kube_deployment_/, size: 25 },
        // Ten old ones of each Deployment are kept: revisionHistoryLimit's default.
        { name: 'replica sets', by: ['namespace', 'replicaset'], of: /^kube_replicaset_/, size: 275 },
        { name: 'stateful sets', by: ['namespace', 'statefulset'], of: /^kube_statefulset_/, size: 5 },
        { name: 'config maps', by: ['namespace', 'configmap'], of: /^kube_configmap_/, size: 120 },
        { name: 'secrets', by: ['namespace', 'secret'], of: /^kube_secret_/, size: 60 },
        { name: 'services', by: ['namespace', 'service'], of: /^kube_service_/, size: 40 },
        { name: 'endpoints', by: ['namespace', 'endpoint'], of: /^kube_endpoint_/, size: 40 },
        {
          name: 'addresses of an endpoint',
          by: ['namespace', 'endpoint', 'ip'],
          of: /^kube_endpoint_address/,
          size: 120,
        },
        { name: 'leases', by: ['namespace', 'lease'], of: /^kube_lease_/, size: 25 },
        { name: 'claims', by: ['namespace', 'persistentvolumeclaim'], of: /^kube_persistentvolumeclaim_/, size: 12 },
        { name: 'volumes', by: ['persistentvolume'], of: /^kube_persistentvolume_/, size: 12 },
        { name: 'storage classes', by: ['storageclass'], of: /^kube_storageclass_/, size: 2 },
      ],
      vocabulary:
        'condition status reason phase resource unit type qos_class key operator value effect port_name port_number port_protocol access_mode name',
      describes: `uid node host_ip pod_ip created_by_kind created_by_name priority_class host_network owner_kind owner_name
        owner_is_controller service_account image image_spec image_id container_id ip ip_family toleration_seconds address ready
        revision when_deleted when_scaled lease_holder cluster_ip external_name external_traffic_policy load_balancer_ip kernel_version
        os_image container_runtime_version kubelet_version kubeproxy_version provider_id pod_cidr system_uuid internal_ip storageclass
        volumename volumemode persistentvolumeclaim claim_namespace gce_persistent_disk_name ebs_volume_id azure_disk_name fc_wwids fc_lun
        fc_target_wwns iscsi_target_portal iscsi_iqn iscsi_lun iscsi_initiator_name nfs_server nfs_path csi_driver csi_volume_handle
        local_path local_fs host_path host_path_type provisioner reclaim_policy volume_binding_mode`,
      ceiling: 200_000,
    },
    {
      name: 'kubelet',
      exporter: 'kubernetes',
      recording: 'kubelet.prom',
      targets: size.kubernetesNodes,
      grows: 'targets',
      units: [
        { name: 'claims', by: ['namespace', 'persistentvolumeclaim'], of: /^kubelet_volume_stats_/, size: 4 },
        {
          name: 'containers',
          by: ['namespace', 'pod', 'container'],
          of: /^kubelet_container_log_/,
          size: PODS_A_NODE * CONTAINERS_A_POD,
        },
      ],
      vocabulary: `${GO} name stage operation_type operation_name config lifecycle static migrated status volume_plugin plugin_name state
        host method verb result path server_type long_running metric_source stability_level is_error container_state image_size_in_bytes
        present_locally pull_policy pull_required runtime_handler driver_name container_type deprecated_version le`,
      describes: `uid node build_date compiler git_commit git_tree_state git_version go_version major minor platform version`,
      ceiling: 120_000,
    },
    {
      name: 'kubelet, cAdvisor',
      exporter: 'kubernetes',
      recording: 'cadvisor.prom',
      targets: size.kubernetesNodes,
      grows: 'targets',
      // A group for each container, one for each pod and its sandbox, and the system's own slices.
      units: [
        { name: 'control groups', by: ['id'], of: /^container_/, size: PODS_A_NODE * (CONTAINERS_A_POD + 2) + 30 },
        { name: 'interfaces', by: ['id', 'interface'], of: /^container_network_/, size: 2 * PODS_A_NODE },
        { name: 'devices', by: ['id', 'device'], of: /^container_fs_/, size: PODS_A_NODE * CONTAINERS_A_POD + 8 },
      ],
      vocabulary: 'state scope failure_type cpu ulimit mode',
      describes:
        'container image name namespace pod boot_id machine_id system_uuid cadvisorVersion cadvisorRevision dockerVersion kernelVersion osVersion',
      ceiling: 500_000,
    },
    {
      name: 'blackbox_exporter',
      exporter: 'blackbox_exporter',
      targets: size.kafkaNodes + size.mongodbNodes + 2, // PostgreSQL and the entry
      grows: 'targets',
      units: [],
      vocabulary: 'phase',
      describes: 'version cipher issuer serialnumber subject subjectalternative fingerprint_sha256',
      ceiling: 5_000,
    },
    {
      name: 'micrometer (Spring Boot)',
      exporter: 'micrometer',
      targets: 3, // the platform runs none; a team's service of three pods
      grows: 'units',
      units: [
        {
          name: 'answers',
          by: ['uri', 'method', 'status', 'outcome', 'exception', 'error'],
          of: /^http_server_/,
          size: 60,
        },
        {
          name: 'calls',
          by: ['client_name', 'uri', 'method', 'status', 'outcome', 'exception', 'error'],
          of: /^http_client_/,
          size: 10,
        },
        { name: 'connection pools', by: ['pool'], of: /^hikaricp_/, size: 1 },
        { name: 'circuit breakers', by: ['name'], of: /^resilience4j_/, size: 3 },
      ],
      vocabulary: 'action area cause gc id kind le level name path state pool',
      describes: 'compiler main_application_class runtime vendor version',
      ceiling: 40_000,
    },
    {
      name: 'micrometer (clients of Kafka and MongoDB)',
      exporter: 'micrometer_clients',
      targets: 3, // those of the service above, in the same scrape
      grows: 'units',
      units: [
        // A producer and three consumers.
        { name: 'Kafka clients', by: ['client_id'], of: /^kafka_/, size: 4 },
        { name: 'connections to a broker', by: ['client_id', 'node_id'], of: /^kafka_/, size: 20 },
        { name: 'topics of a client', by: ['client_id', 'topic'], of: /^kafka_/, size: 10 },
        { name: 'partitions of a client', by: ['client_id', 'topic', 'partition'], of: /^kafka_/, size: 30 },
        { name: 'members of MongoDB', by: ['cluster_id', 'server_address'], of: /^mongodb_/, size: size.mongodbNodes },
        {
          name: 'commands',
          by: ['cluster_id', 'server_address', 'database', 'collection', 'command', 'status'],
          of: /^mongodb_driver_commands_/,
          size: 60,
        },
      ],
      vocabulary: '',
      describes: 'kafka_version spring_id',
      ceiling: 40_000,
    },
    {
      name: 'argocd (application controller)',
      exporter: 'argocd',
      targets: 1,
      grows: 'units',
      units: [
        { name: 'Applications', by: ['namespace', 'name', 'project'], of: /^argocd_app_/, size: 20 },
        { name: 'kinds that a cluster has', by: ['server', 'group', 'kind'], of: /^argocd_cluster_events/, size: 120 },
      ],
      vocabulary: `${GO} controller name host hostname method verb priority command initiator result failed phase dry_run response_code
        resource_kind resource_namespace le`,
      describes: `version k8s_version autosync_enabled dest_namespace dest_server health_status operation repo sync_status server`,
      ceiling: 30_000,
    },
    {
      name: 'log-collector',
      exporter: 'log_collector',
      targets: size.kubernetesNodes,
      grows: 'targets',
      units: [],
      vocabulary: `${GO} exporter receiver processor transport data_type otel_signal`,
      describes: 'service_instance_id service_name service_version server_address server_port url_path',
      ceiling: 5_000,
    },
    {
      name: 'prometheus',
      exporter: 'prometheus',
      targets: 1,
      grows: 'units',
      units: [
        { name: 'scrape jobs', by: ['scrape_job'], size: 30 },
        { name: 'groups of rules', by: ['rule_group'], size: 60 },
        { name: 'configurations of discovery', by: ['config', 'name'], of: /^prometheus_sd_/, size: 32 },
        { name: 'dialers', by: ['dialer_name'], size: 32 },
        { name: 'Alertmanagers', by: ['alertmanager'], size: 1 },
      ],
      vocabulary: `${GO} handler le reason role event interval slice call endpoint listener_name type compression name`,
      describes: `${GO_BUILD} instance job`,
      ceiling: 25_000,
    },
    {
      name: 'alertmanager',
      exporter: 'alertmanager',
      targets: 1,
      grows: 'units',
      units: [{ name: 'kinds of receiver', by: ['integration'], size: 18 }],
      vocabulary: `${GO} handler method le reason stage state status subscriber dialer_name version`,
      describes: GO_BUILD,
      ceiling: 5_000,
    },
  ];
}

export function allowancesOf(size: PlatformSize): readonly Allowance[] {
  return [
    {
      name: 'mongodb, what 8.0 has more of than the recorded 4.2',
      of: 'mongodb',
      targets: size.mongodbNodes,
      each: 4_000,
      why: '7.0 with every collector on, which is far more than ours, is said to have 9,173 in all (percona/mongodb_exporter#954)',
    },
    { name: 'apiserver', targets: 2, each: 20_000, why: 'EKS has two; the largest of all, by its histograms' },
    { name: 'coredns', targets: 2, each: 1_000, why: 'scraped by kube-prometheus-stack' },
    { name: 'grafana, operator, Loki, other parts of Argo CD', targets: 8, each: 1_000, why: 'small, written in Go' },
    {
      name: 'rules',
      targets: 1,
      each: 2_000,
      why: 'what recording rules of kube-prometheus-stack and pending alerts write',
    },
  ];
}

export const closedLabels = (job: Job): readonly string[] => [...words(job.vocabulary), ...words(job.describes)];
export const describingLabels = (job: Job): readonly string[] => words(job.describes);

const sizes = (job: Job, times: number): Record<string, number> =>
  Object.fromEntries(job.units.map(({ name, size }) => [name, size * times]));

/** Samples of one scrape, as sample_limit counts them. */
export const scrapeOf = (job: Job, formula: Formula, times = 1): number => seriesAt(formula, sizes(job, times));

/** Series of the whole job on a platform so many times as large. */
export function seriesOf(job: Job, formula: Formula, times = 1): number {
  const more = job.grows === 'targets' ? { targets: times, units: 1 } : { targets: 1, units: times };
  return job.targets * more.targets * (scrapeOf(job, formula, more.units) + OF_A_SCRAPE);
}

/**
 * The sample_limit of a scrape: that multiple of a target with ten times the units and what is allowed for beside them, rounded up to a
 * figure that a person remembers.
 */
export function sampleLimit(job: Job, formula: Formula, allowances: readonly Allowance[]): number {
  const beside = allowances.filter((one) => one.of === job.name).reduce((sum, { each }) => sum + each, 0);
  return Math.ceil((LIMIT_MULTIPLE * (scrapeOf(job, formula, TENFOLD) + beside)) / 1000) * 1000;
}

/** Memory that so many series take, in bytes, those that have just ended included. */
export const memoryOf = (series: number): number => IDLE_BYTES + series * CHURN * BYTES_PER_SERIES;
