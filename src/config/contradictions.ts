import { type Values } from './environment.js';
import { isLocalOrigin } from './local-origin.js';
import { type ConfigMistake } from './mistake.js';
import { SETTINGS } from './settings.js';

/** What is wrong with settings that are each right by themselves; those that could not be read are missing. */
export function contradictions(values: Partial<Values>): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const { QAQPA_ORIGIN: origin, QAQPA_SESSION_IDLE: idle, QAQPA_SESSION_LIFETIME: lifetime } = values;
  const local = origin == null || isLocalOrigin(origin);
  if (origin != null && !local && origin.startsWith('http:')) {
    mistakes.push({
      variable: 'QAQPA_ORIGIN',
      problem: 'is http outside this machine',
      remedy: 'Set it to the https:// address people open; sessions and NCALayer need a secure context',
    });
  }
  if (!local && values.QAQPA_MASTER_KEY === null) {
    mistakes.push({
      variable: 'QAQPA_MASTER_KEY',
      problem: 'is missing',
      remedy: `Set it (or QAQPA_MASTER_KEY_FILE) to ${SETTINGS.QAQPA_MASTER_KEY.expects}`,
    });
  }
  if (idle !== undefined && lifetime !== undefined && idle > lifetime) {
    mistakes.push({
      variable: 'QAQPA_SESSION_IDLE',
      problem: 'is longer than QAQPA_SESSION_LIFETIME',
      remedy: 'Make it shorter, or the lifetime longer',
    });
  }
  if (metricsMeetTheGateway(values)) {
    mistakes.push({
      variable: 'QAQPA_METRICS_PORT',
      problem: 'is QAQPA_PORT too',
      remedy: 'Choose another port: the metrics have one of their own',
    });
  }
  const { QAQPA_OCSP_URL: ocsp, QAQPA_CRL_URLS: crls } = values;
  if (ocsp?.length === 0 && crls?.length === 0) {
    mistakes.push({
      variable: 'QAQPA_OCSP_URL',
      problem: 'is empty and so is QAQPA_CRL_URLS',
      remedy: 'Name at least one source of revocation; without one nobody can sign in',
    });
  }
  return mistakes;
}

/** An address that stands for every one of the machine's. */
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

function metricsMeetTheGateway(values: Partial<Values>): boolean {
  const { QAQPA_METRICS_PORT: metricsPort, QAQPA_PORT: port } = values;
  if (metricsPort == null || metricsPort === 0 || metricsPort !== port) return false;
  const hosts = [values.QAQPA_METRICS_HOST, values.QAQPA_HOST];
  return hosts[0] === hosts[1] || hosts.some((host) => host !== undefined && EVERYWHERE.includes(host));
}
