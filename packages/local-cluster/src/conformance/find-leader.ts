// From any master of a cluster to the one that leads.
import { WireClient, type WireOptions } from '../testing/wire-client.js';

/** @param address host:port or http://host:port */
export const masterUrl = (address: string): string => (/^https?:\/\//.test(address) ? address.replace(/\/+$/, '') : `http://${address}`);

/** @param address host:port or http://host:port @returns http://host:port @throws Error when there is no leader */
export async function findLeader(address: string, options: WireOptions): Promise<string> {
  const url = masterUrl(address);
  if (!URL.canParse(url)) throw new Error(`--master: ${address} is no host:port`);
  const client = new WireClient(url, 'json', options);
  try {
    const { status, headers } = await client.exchange({ method: 'GET', path: '/redirect' });
    if (status === 307 && headers.location !== undefined) return new URL(headers.location, url).origin;
    throw new Error(`GET ${url}/redirect is answered ${status}: no leader is elected`);
  } catch (error) {
    throw new Error(`--master: ${url} can't be asked: ${(error as Error).message}`, { cause: error });
  } finally {
    client.close();
  }
}
