import { passwordLength, userNamePattern } from "@keruta/shared/domain";

/** The server looks again. */
export function isUserName(name: string): boolean {
  return userNamePattern.test(name);
}

export function isLongEnough(password: string): boolean {
  return password.length >= passwordLength.min;
}
