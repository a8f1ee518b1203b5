/**
 * The software that data nodes install, with its pinned checksum: a version whose checksum is not known here can't be
 * deployed. The checksums of releases made elsewhere were read, not computed: this project was written where these files
 * could not be downloaded. A wrong one fails the download, it can't let a wrong file in.
 *
 * Sources: Kafka (SHA-512) and jmx_exporter (SHA-512): strimzi/strimzi-kafka-operator, kafka-versions.yaml and
 * docker-images/kafka-based/kafka/Dockerfile, as of 2026-08-22. node_exporter and mongodb_exporter (SHA-256): each agrees in
 * two unrelated public repositories. MongoDB's key fingerprints: docker-library/mongo.
 */
import { kafkaRelease, MONGODB_KEY_FINGERPRINT, mongodbRelease } from '../catalog/versions';
import { Rejection } from '../rejection';
import type { Architecture } from '../spec/platform';

export interface Download {
  readonly url: string;
  /** Hexadecimal. */
  readonly checksum: string;
}

export interface KafkaArtifacts {
  /** `4.3.1`. */
  readonly version: string;
  /** SHA-512. */
  readonly kafka: Download;
  /** SHA-512. */
  readonly jmxExporter: Download;
  /** Amazon Linux 2023's name of the Java runtime. */
  readonly javaPackage: string;
}

export interface MongodbArtifacts {
  /** `8.0.29`. */
  readonly version: string;
  /** The vendor's signed package repository. */
  readonly repository: string;
  readonly keyUrl: string;
  /** Of the key that signs the packages. */
  readonly keyFingerprint: string;
  /** SHA-256. */
  readonly exporter: Download;
}

const KAFKA_SHA512: Readonly<Record<string, string>> = {
  '4.1.2':
    '78ac6e488b1071122f9608dfdb363f6fe50e1dbbc492347002c0398dfbf77e0d8caa5bf794c5937379721004dfe92025937d238b0faf4eb715529417fd43b491',
  '4.2.1':
    'f643e31266268e920aa98ead9a061026c98dac2886932ad468565ba59bcb7fb4f98a4c4f62727367e1bd87515f3b016e6f6ccccad8b12bdef8b091b0fb577170',
  '4.3.1':
    'c7d7b2318cb51aa0c61d3246a51c349210073c5c9b754947ef965a439f2f939e8600f204e134a75ac31faf3829c9370960ef7c6a9886c8a1dbf0339a21f4c54c',
};

const JMX_EXPORTER = '1.6.0';
const JMX_EXPORTER_SHA512 =
  '2b1278f76480c0d5053ca0c7622716403de0e6f6f3ee70acda8157cf97cba2c5eeb2234025e5d66b57951429397c38a6770e934e6e8ffc5a75b0337c719530de';

const NODE_EXPORTER = '1.9.1';
const NODE_EXPORTER_SHA256: Readonly<Record<Architecture, string>> = {
  arm64: '848f139986f63232ced83babe3cad1679efdbb26c694737edc1f4fbd27b96203',
  x86_64: 'becb950ee80daa8ae7331d77966d94a611af79ad0d3307380907e0ec08f5b4e8',
};

const MONGODB_EXPORTER = '0.51.0';
const MONGODB_EXPORTER_SHA256: Readonly<Record<Architecture, string>> = {
  arm64: 'f2f023d2d632c3b9cdc873558f26a8940efc197c1b36bbf96da17416a60eead6',
  x86_64: '01dfae78c737fb48761a715d779cade464a84cce7a2a70357ac4af469bade198',
};

/** Linux's and Go's names of an architecture. */
const MACHINE: Readonly<Record<Architecture, string>> = { arm64: 'aarch64', x86_64: 'x86_64' };
const GOARCH: Readonly<Record<Architecture, string>> = { arm64: 'arm64', x86_64: 'amd64' };

/** @throws Rejection for a version without a pinned checksum */
export function kafkaArtifacts(minor: string): KafkaArtifacts {
  const version = kafkaRelease(minor) ?? minor;
  const checksum = KAFKA_SHA512[version];
  if (checksum === undefined) {
    const minors = Object.keys(KAFKA_SHA512).map((release) => release.split('.').slice(0, 2).join('.'));
    throw new Rejection(
      'platform.yaml kafka.version',
      `Kafka ${minor} on EC2 has no pinned release here`,
      `use ${minors.join(' or ')}`,
    );
  }
  return {
    version,
    kafka: { url: `https://archive.apache.org/dist/kafka/${version}/kafka_2.13-${version}.tgz`, checksum },
    jmxExporter: {
      url: `https://github.com/prometheus/jmx_exporter/releases/download/${JMX_EXPORTER}/jmx_prometheus_javaagent-${JMX_EXPORTER}.jar`,
      checksum: JMX_EXPORTER_SHA512,
    },
    javaPackage: 'java-21-amazon-corretto-headless',
  };
}

/** @throws Rejection for a series whose signing key isn't pinned */
export function mongodbArtifacts(series: string, architecture: Architecture): MongodbArtifacts {
  const version = mongodbRelease(series);
  const keyFingerprint = MONGODB_KEY_FINGERPRINT[series];
  if (version === undefined || keyFingerprint === undefined) {
    throw new Rejection(
      'platform.yaml mongodb.version',
      `MongoDB ${series} has no pinned release here`,
      `use ${Object.keys(MONGODB_KEY_FINGERPRINT).join(' or ')}`,
    );
  }
  return {
    version,
    repository: `https://repo.mongodb.org/yum/amazon/2023/mongodb-org/${series}/${MACHINE[architecture]}/`,
    keyUrl: `https://pgp.mongodb.com/server-${series}.asc`,
    keyFingerprint,
    exporter: {
      url: `https://github.com/percona/mongodb_exporter/releases/download/v${MONGODB_EXPORTER}/mongodb_exporter-${MONGODB_EXPORTER}.linux-${GOARCH[architecture]}.tar.gz`,
      checksum: MONGODB_EXPORTER_SHA256[architecture],
    },
  };
}

export function nodeExporter(architecture: Architecture): Download {
  return {
    url: `https://github.com/prometheus/node_exporter/releases/download/v${NODE_EXPORTER}/node_exporter-${NODE_EXPORTER}.linux-${GOARCH[architecture]}.tar.gz`,
    checksum: NODE_EXPORTER_SHA256[architecture],
  };
}
