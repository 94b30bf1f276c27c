/** Channels of the sub-protocols v4 and v5.channel.k8s.io: the first byte of each message. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** v5 can close stdin; v4 is for API servers before 1.30. */
export const subprotocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
