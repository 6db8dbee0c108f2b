import { matcher, matcherConstraints, utilisation } from './allocation/matcher.js';
import { offerCost } from './allocation/offer-cost.js';
import { reload } from './allocation/reload.js';
import { matcherWaiting } from './allocation/waiting.js';
import { requestToAccept } from './allocation/request-to-accept.js';
import { brokerHop } from './broker-hop.js';
import { decode } from './decode/decode.js';
import { decodeNpm } from './decode/decode-npm.js';
import type { Bench } from './figure.js';
import { burst } from './offer-service/burst.js';
import { updates } from './offer-service/updates.js';
import { localCluster } from './local-cluster/local-cluster.js';

const benches: Record<string, Bench> = {
  decode,
  'decode-npm': decodeNpm,
  'broker-hop': brokerHop,
  matcher,
  'matcher-constraints': matcherConstraints,
  'matcher-waiting': matcherWaiting,
  utilisation,
  'offer-cost': offerCost,
  reload,
  'request-to-accept': requestToAccept,
  updates,
  burst,
  'local-cluster': localCluster,
};

const [wanted] = process.argv.slice(2);
if (wanted === 'list') {
  for (const name of Object.keys(benches)) process.stdout.write(`${name}\n`);
} else if (wanted !== undefined && benches[wanted] === undefined) {
  process.stderr.write(`bench: NAME=${wanted} is none of ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted !== undefined && wanted !== name) continue;
    for (const figure of await bench()) process.stdout.write(`${JSON.stringify(figure)}\n`);
  }
}
