import { MasterAddressError, parseMasterAddress, type Credentials, type MasterAddress, type TlsSettings } from '@streams-on-mesos/mesos';
import { commonSettings, readMesosTls, readSecretFile } from '@streams-on-mesos/service';
import type { Command } from 'commander';
import { UsageError } from '../failure.js';
import { settingOption } from '../setting-option.js';

/** What commands take that speak to the Mesos master, with the services' environment. */
export interface MasterOptions {
  readonly master: string;
  readonly principal?: string;
  readonly secretFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** How to reach the master, and as whom. */
export interface MasterAccess {
  /** As MESOS_MASTER. */
  readonly master: string;
  readonly credentials: Credentials | undefined;
  readonly tls: TlsSettings | undefined;
  /** Of masters given or found without one. */
  readonly scheme: 'http' | 'https';
}

export const addTlsOptions = (command: Command, env: NodeJS.ProcessEnv): Command =>
  command
    .addOption(settingOption(commonSettings.mesosCaFile, env, '--ca-file'))
    .addOption(settingOption(commonSettings.mesosCertFile, env, '--cert-file'))
    .addOption(settingOption(commonSettings.mesosKeyFile, env, '--key-file'));

export const addMasterOptions = (command: Command, env: NodeJS.ProcessEnv): Command =>
  addTlsOptions(
    command
      .addOption(settingOption(commonSettings.mesosMaster, env))
      .addOption(settingOption(commonSettings.mesosPrincipal, env, '--principal'))
      .addOption(settingOption(commonSettings.mesosSecretFile, env, '--secret-file')),
    env,
  );

/** @throws UsageError naming what is accepted */
export const checkedMaster = (master: string, scheme: MasterAccess['scheme']): MasterAddress => {
  try {
    return parseMasterAddress(master, scheme);
  } catch (error) {
    if (error instanceof MasterAddressError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};

const credentialsOf = ({ principal, secretFile }: MasterOptions): Credentials | undefined => {
  if (secretFile === undefined) return undefined;
  if (principal === undefined) throw new UsageError('--secret-file (MESOS_SECRET_FILE) is given: say by --principal whose secret that is');
  return { principal, secret: readSecretFile('MESOS_SECRET_FILE', secretFile) };
};

/** @throws UsageError, ConfigurationError */
export const masterAccess = (options: MasterOptions): MasterAccess => {
  const tls = readMesosTls({ mesosCaFile: options.caFile, mesosCertFile: options.certFile, mesosKeyFile: options.keyFile });
  const scheme = tls === undefined ? 'http' : 'https';
  checkedMaster(options.master, scheme);
  return { master: options.master, credentials: credentialsOf(options), tls, scheme };
};
