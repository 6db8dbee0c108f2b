// From any master of a cluster to the one that leads.
import { WireClient, type WireOptions } from '../testing/wire-client.js';

/** @param address host:port or http://host:port */
export const masterUrl = (address: string): string => (/^https?:\/\//.test(address) ? address.replace(/\/+$/, '') : `http://${address}`);

/** @param address host:port or http://host:port @returns http://host:port @throws Error when there is no leader */
export async function findLeader(address: string, options: WireOptions): Promise<string> {
  const url = masterUrl(address);
  if (!URL.canParse(url) || new URL(url).pathname !== '/')
    throw new Error(`--master: ${address} is no host:port; name any master of the cluster, as 127.0.0.1:5050`);
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

/**
 * Of these masters those that do not lead, also where the leader goes by another name: it alone tells of tasks (src/master/http.cpp,
 * redirect), once it has recovered.
 * @param leader http://host:port @returns http://host:port of each, once @throws Error naming the one that can't be asked
 */
export async function standbysAmong(addresses: readonly string[], leader: string, options: WireOptions): Promise<string[]> {
  const others = [...new Set(addresses.map(masterUrl))].filter((url) => url !== leader);
  const asked = others.map(async (url) => {
    const client = new WireClient(url, 'json', options);
    try {
      const { status } = await client.exchange({ method: 'GET', path: '/tasks?limit=1' });
      return status === 200 ? [] : [url];
    } catch (error) {
      throw new Error(`--standby: ${url} can't be asked: ${(error as Error).message}`, { cause: error });
    } finally {
      client.close();
    }
  });
  return (await Promise.all(asked)).flat();
}
