import { randomUUID } from 'node:crypto';
import type { Logger } from '@streams-on-mesos/service';
import { Router, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { ProtocolErrors } from '../domain/protocol-error.js';
import type { ResourceManager } from '../operations/resource-manager.js';
import { bodies, parseWith } from './bodies.js';

export interface ResourceManagerRoutesOptions {
  readonly manager: ResourceManager;
  readonly errors: ProtocolErrors;
  readonly resourceType: string;
  readonly logger: Logger;
}

const HIGH_AVAILABILITY = 'HIGH_AVAILABILITY';

/** POST /resourcemgr/v1/<operation>: the calls that Streams makes to a resource manager. */
export const resourceManagerRoutes = ({ manager, errors, resourceType, logger }: ResourceManagerRoutesOptions): Router => {
  const router = Router();

  /** `handle` gets the checked body; what it returns is the answer, and nothing is answered with 204. */
  const operation = <Body extends { requestId?: string | undefined }>(
    name: keyof typeof bodies,
    schema: z.ZodType<Body>,
    handle: (body: Body & { readonly requestId: string }) => object | void | Promise<object>,
  ): void => {
    const handler: RequestHandler = async (request, response) => {
      const body = parseWith(schema, request.body ?? {}, errors);
      const answer = await handle({ ...body, requestId: body.requestId ?? randomUUID() });
      if (answer === undefined) response.status(204).end();
      else response.json(answer);
    };
    router.post(`/resourcemgr/v1/${name}`, handler);
  };

  operation('initialize', bodies.initialize, ({ type }) => {
    if (type !== undefined && type !== resourceType) {
      throw errors.conflict(`type is ${type} but this resource manager is of the type ${resourceType} (RESOURCE_TYPE)`, 'type');
    }
    // All that is known is in allocation-service's state, so any other instance can go on at any time.
    return { features: [HIGH_AVAILABILITY] };
  });

  // The resources stay: a resource manager that comes back finds them again.
  operation('close', bodies.close, () => ({}));

  operation('validateStop', bodies.validateStop, async ({ requestId, client, force }) => {
    await manager.validateStop(requestId, client?.clientId, force === true);
    return {};
  });

  operation('isFeatureSupported', bodies.isFeatureSupported, ({ feature }) => ({ supported: feature === HIGH_AVAILABILITY }));

  operation('clientConnected', bodies.clientConnected, ({ client }) => {
    manager.checkClient(client);
    logger.info({ clientId: client.clientId, clientName: client.clientName, domainId: client.domainId }, 'client connected');
    return {};
  });

  operation('allocateMasterResource', bodies.allocateMasterResource, async (body) => ({
    descriptor: await manager.allocateMaster(body, body.info.tags),
  }));

  operation('allocateResources', bodies.allocateResources, async (body) => ({
    states: await manager.allocate(body, { ...body.info, master: false }),
  }));

  operation('releaseResources', bodies.releaseResources, async ({ all, descriptors, ...caller }) => {
    if (all !== true && descriptors === undefined) throw errors.invalid('descriptors: give the descriptors, or all: true', 'descriptors');
    await manager.release(caller, all === true ? 'all' : nativeIds(descriptors));
    return {};
  });

  operation('cancelPendingResources', bodies.cancelPendingResources, async ({ descriptors, ...caller }) => {
    await manager.cancel(caller, nativeIds(descriptors));
    return {};
  });

  operation('validateTags', bodies.validateTags, ({ tags }) => {
    manager.validateTags(tags);
    return {};
  });

  operation('customCommand', bodies.customCommand, async ({ requestId, commandData }) => ({
    result: await manager.customCommand(requestId, commandData),
  }));

  operation('error', bodies.error, ({ requestId, message, stack }) => {
    logger.error({ requestId, stack }, `Streams reports an error: ${message}`);
  });

  operation('trace', bodies.trace, ({ requestId, message }) => {
    logger.debug({ requestId }, `Streams traces: ${message}`);
  });

  return router;
};

const nativeIds = (descriptors: readonly { readonly nativeResourceId: string }[] = []): string[] =>
  descriptors.map(({ nativeResourceId }) => nativeResourceId);
