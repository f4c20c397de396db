package dev.latchkey.access;

/**
 * What would be left without a grant, member or token, as the server works it out.
 *
 * @param ownEnds whether the access of who asks would end with it
 * @param operatorsLeft members who could still sign in as operators by a token
 * @param directOperators roles that could manage without temporary access
 */
public record AccessAfter(boolean ownEnds, int operatorsLeft, int directOperators) {}
