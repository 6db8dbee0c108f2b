/** Why a cluster could not start, with the flag that it was asked by and the remedy where the system only says a code. */
export const startErrorText = (error: NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string }): string => {
  const { message, code, syscall, address, port, hostname } = error;
  if (code === 'EADDRINUSE') return `--port: ${address}:${port} is in use by another process; choose another port, or 0 for a free one`;
  if (code === 'EACCES' && syscall === 'listen') return `--port: ${address}:${port} is not allowed to this user; choose one from 1024 on`;
  if (code === 'EADDRNOTAVAIL') return `--ip: ${address} is no address of this machine; 127.0.0.1 and 0.0.0.0 are`;
  if (syscall === 'getaddrinfo') return `--ip: '${hostname}' is no address; 127.0.0.1 and 0.0.0.0 are`;
  return message;
};
