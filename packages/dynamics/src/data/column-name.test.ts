import { describe, expect, it } from "vitest";
import { isMomentumOf, isRateOf, roleOfName, splitHeader } from "./column-name.ts";

describe("splitHeader", () => {
  it.each([
    ["theta [deg]", "theta", "deg"],
    ["theta(deg)", "theta", "deg"],
    ["omega (rad/s)", "omega", "rad/s"],
    ["x / mm", "x", "mm"],
    ["t_ms", "t_ms", "ms"],
    ["t_s", "t_s", "s"],
    ["theta_deg", "theta_deg", "deg"],
    ["omega_deg_s", "omega_deg_s", "deg/s"],
    ["pos_m", "pos_m", "m"],
    ["x [wombat]", "x", "wombat"],
  ])("%s", (header, name, symbol) => {
    const parts = splitHeader(header);
    expect(parts.name).toBe(name);
    expect(parts.unit?.symbol).toBe(symbol);
  });

  it("takes no word for a unit", () => {
    for (const header of ["x_min", "theta", "dx/dt", "voltage_in", "x/y", "theta []", "[deg]"]) {
      expect(splitHeader(header).unit).toBeNull();
    }
  });
});

describe("roleOfName", () => {
  it.each([
    ["time", "t time timestamp t_ms Time year"],
    ["angle", "theta theta1 theta_2 phi angle pitch θ theta_deg"],
    ["velocity", "omega omega1 w thetadot theta_dot thetaDot enc_rate v vx dtheta dx/dt dtheta_dt speed gyro_x ω θ̇"],
    ["momentum", "p p1 px momentum p_theta"],
    ["coordinate", "x y q q1 pos position"],
    ["control", "u control motor mot voltage torque force theta_ref"],
    ["trajectory", "trajectory traj segment run trial_id episode"],
    ["split", "split fold"],
    ["trigger", "trigger"],
    ["valid", "valid"],
    ["sigma", "sigma_theta theta_std"],
    ["ignore", "index energy acc a xddot"],
  ])("%s: %s", (role, names) => {
    for (const name of names.split(" ")) expect([name, roleOfName(name)]).toEqual([name, role]);
  });

  it("knows when it does not know", () => {
    for (const name of ["enc", "lynx", "foo", "", "channel3", "t".repeat(500)]) expect(roleOfName(name)).toBeNull();
  });
});

describe("pairs by name", () => {
  it.each([
    ["omega1", "theta1"],
    ["theta1dot", "theta1"],
    ["theta_dot_1", "theta_1"],
    ["thetadot1", "theta1"],
    ["theta_dot", "theta"],
    ["w2", "theta2"],
    ["enc_rate", "enc"],
    ["omega_deg_s", "theta_deg"],
  ])("%s is the rate of the angle %s", (rate, angle) => {
    expect(isRateOf(rate, angle, true)).toBe(true);
  });

  it("keeps numbers and kinds apart", () => {
    expect(isRateOf("omega1", "theta2", true)).toBe(false);
    expect(isRateOf("omega", "x", false)).toBe(false);
    expect(isRateOf("v", "x", false)).toBe(true);
    expect(isRateOf("vy", "x", false)).toBe(false);
    expect(isMomentumOf("p1", "q1")).toBe(true);
    expect(isMomentumOf("p1", "q2")).toBe(false);
    expect(isMomentumOf("px", "x")).toBe(true);
  });
});
