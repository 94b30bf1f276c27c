import { agentExitCodes, type StartError } from "@keruta/shared/domain";

/** The command could not be started; `message` is a sentence with the system's reason. */
export interface StartFailure {
  readonly startError: StartError;
  readonly message: string;
}

export function startFailure(startError: StartError, message: string): StartFailure {
  return { startError, message };
}

export function isStartFailure(value: object): value is StartFailure {
  return "startError" in value;
}

export function exitCodeOfStartError(startError: StartError): number {
  switch (startError) {
    case "not-found":
      return agentExitCodes.notFound;
    case "not-executable":
      return agentExitCodes.notExecutable;
    case "failed":
      return agentExitCodes.failed;
  }
}
