import type { Client } from 'node-zookeeper-client';

const CLOSING = -1;

/**
 * Ends a client at once, connected or not, and for good. `close()` of the library would write to a socket that may not
 * be there yet, and it goes on connecting.
 */
export const destroyClient = (client: Client): void => {
  const manager = client.connectionManager;
  manager.onSocketConnected = () => manager.socket?.destroy();
  manager.setState(CLOSING);
  manager.socket?.destroy();
};

/** Drops the connection, so that the client tries the next server with the same session. */
export const reconnectClient = (client: Client): void => {
  client.connectionManager.socket?.destroy();
};

/** Emitted by a guarded client, with the error. */
export const BAD_ANSWER = 'bad-answer';

/** What the library throws on an answer it does not understand must not end the process: it costs the connection only. */
export const guardClient = (client: Client): void => {
  const manager = client.connectionManager;
  const read = manager.onSocketData.bind(manager);
  manager.onSocketData = (data) => {
    try {
      read(data);
    } catch (error) {
      manager.pendingBuffer = null;
      client.emit(BAD_ANSWER, error);
      manager.socket?.destroy();
    }
  };
  client.on('disconnected', () => {
    // Half an answer of the old connection would garble the first one of the next.
    manager.pendingBuffer = null;
  });
};
