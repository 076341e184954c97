import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, type Versioned, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { Field } from "@/ui/field";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";
import { RadioGroup } from "@/ui/radio-group";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { FormDialog } from "../parts/form-dialog";
import { type Place, placeNames, placeOf, placeOptions, spaceOf, whereabouts } from "./place";

type Carrier = Schema<"Carrier">;
const key = [keys.settings, "carrier"];

export default function CarrierSection() {
  const queryClient = useQueryClient();
  const mayChange = useMay("tenant_admin");
  const [doing, setDoing] = useState<"set" | "remove" | null>(null);
  const query = useQuery({ queryKey: key, queryFn: () => versioned(api.GET("/api/tenant/carrier")) });
  const remove = useMutation({
    mutationFn: () =>
      data(
        api.DELETE("/api/tenant/carrier", {
          params: { header: ifMatch(query.data?.etag ?? null) },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("Calls are placed on the installation’s account again");
      void queryClient.invalidateQueries({ queryKey: key });
    },
  });
  if (query.isError) return <ErrorBox error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <Card>
        <SkeletonLines />
      </Card>
    );
  }
  const carrier = query.data.data;
  return (
    <>
      <Card
        title="Carrier account"
        actions={
          mayChange && (
            <>
              {carrier.is_own && (
                <Button size="small" onClick={() => setDoing("remove")}>
                  Remove
                </Button>
              )}
              <Button size="small" look="primary" onClick={() => setDoing("set")}>
                {carrier.is_own ? "Replace" : "Use our own account"}
              </Button>
            </>
          )
        }
      >
        {carrier.is_own ? (
          <Facts>
            <Fact label="Account">
              {carrier.account_sid ? <CopyId id={carrier.account_sid} full /> : "–"}
            </Fact>
            <Fact label="Carrier">{placeNames[placeOf(carrier)]}</Fact>
            <Fact label="Auth token">Kept sealed, and never shown</Fact>
            <Fact label="Calls per second">{carrier.calls_per_second}</Fact>
            <Fact label="Softphones">
              {carrier.api_key_sid ? (
                <>
                  Let in with the API key <CopyId id={carrier.api_key_sid} full />
                </>
              ) : (
                "None: without an API key, agents are called on their phones"
              )}
            </Fact>
            <Fact label="Changed">
              <Time at={carrier.changed_at} />
            </Fact>
          </Facts>
        ) : (
          <p>
            Calls are placed on the <strong>installation’s account</strong>. Its operator pays the carrier.
            With an account of your own, calls and numbers are yours.
          </p>
        )}
      </Card>
      {doing === "set" && <CarrierDialog was={query.data} onClose={() => setDoing(null)} />}
      <ConfirmDialog
        open={doing === "remove"}
        onOpenChange={(open) => !open && setDoing(null)}
        title="Call on the installation’s account again?"
        confirm="Remove our account"
        danger
        onConfirm={() => remove.mutateAsync()}
      >
        Calls under way stay on your account; its credentials are forgotten once none is left. Caller ids that
        only your account may show stop working.
      </ConfirmDialog>
    </>
  );
}

interface CarrierDialogProps {
  was: Versioned<Carrier>;
  onClose: () => void;
}

function CarrierDialog({ was, onClose }: CarrierDialogProps) {
  const queryClient = useQueryClient();
  const set = useMutation({
    mutationFn: (body: Schema<"NewCarrier">) =>
      data(api.PUT("/api/tenant/carrier", { params: { header: ifMatch(was.etag) }, body })),
    meta: { quiet: true },
    onSuccess: () => {
      toast.success("New calls are placed on your own account");
      void queryClient.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  const { error } = set;
  const [place, setPlace] = useState<Place>(placeOf(was.data));
  const isSignalWire = place === "signalwire";
  return (
    <FormDialog
      title={was.data.is_own ? "Replace our account" : "Use our own account"}
      description="The carrier is asked whether it is right before it is kept. Calls under way stay where they are."
      submit="Check and use"
      busy={set.isPending}
      error={error}
      onSubmit={(event) => {
        const {
          account_sid,
          auth_token,
          calls_per_second,
          api_key_sid,
          api_key_secret,
          application_sid,
          space,
        } = formValues(
          event,
          "space",
          "account_sid",
          "auth_token",
          "calls_per_second",
          "api_key_sid",
          "api_key_secret",
          "application_sid",
        );
        set.mutate({
          account_sid: account_sid.trim(),
          auth_token: auth_token.trim(),
          ...(calls_per_second !== "" && { calls_per_second: Number(calls_per_second) }),
          api_key_sid: api_key_sid.trim() || null,
          api_key_secret: api_key_secret.trim() || null,
          application_sid: application_sid.trim() || null,
          ...whereabouts(place, space.trim(), was.data),
        });
      }}
      onClose={onClose}
    >
      <Field label="Carrier" error={fieldError(error, "api_base") ?? fieldError(error, "dialect")}>
        <RadioGroup value={place} onChange={setPlace} options={placeOptions(was.data)} />
      </Field>
      {isSignalWire && (
        <Field label="Space" required hint="The first part of its address: space.signalwire.com.">
          <Input
            name="space"
            required
            defaultValue={spaceOf(was.data)}
            pattern="\s*[a-zA-Z0-9\-]+\s*"
            title="Letters, digits and hyphens"
            autoComplete="off"
          />
        </Field>
      )}
      <Field
        label={isSignalWire ? "Project id" : "Account SID"}
        required
        hint={
          isSignalWire
            ? "A UUID, as SignalWire’s dashboard shows it."
            : "AC and 32 hexadecimal digits, as the Twilio console shows it."
        }
        error={fieldError(error, "account_sid")}
      >
        <Input
          name="account_sid"
          required
          defaultValue={was.data.account_sid}
          autoComplete="off"
          className="font-mono"
        />
      </Field>
      <Field
        label={isSignalWire ? "Signing key" : "Auth token"}
        required
        hint="Kept sealed. It is never shown again, not even to you."
        error={fieldError(error, "auth_token")}
      >
        <PasswordInput name="auth_token" required autoComplete="off" />
      </Field>
      <Field
        label="Calls per second"
        hint="What the carrier lets the account place; 1 unless they raised it."
        error={fieldError(error, "calls_per_second")}
      >
        <Input
          name="calls_per_second"
          type="number"
          min={0.1}
          step="any"
          defaultValue={was.data.calls_per_second ?? 1}
        />
      </Field>
      <Field
        label={isSignalWire ? "Project id, again" : "API key SID"}
        required={isSignalWire}
        hint={
          isSignalWire
            ? "Makes requests, with the API token."
            : "Lets agents take calls in their browsers, and makes requests in place of the auth token. Empty for none."
        }
        error={fieldError(error, "api_key_sid")}
      >
        <Input
          name="api_key_sid"
          defaultValue={was.data.api_key_sid}
          autoComplete="off"
          className="font-mono"
        />
      </Field>
      <Field
        label={isSignalWire ? "API token" : "API key secret"}
        required={isSignalWire}
        hint="Kept sealed, too."
        error={fieldError(error, "api_key_secret")}
      >
        <PasswordInput name="api_key_secret" autoComplete="off" />
      </Field>
      {!isSignalWire && (
        <Field
          label="TwiML application SID"
          hint="Decides what becomes of calls that softphones make. Empty: they make none."
          error={fieldError(error, "application_sid")}
        >
          <Input
            name="application_sid"
            defaultValue={was.data.application_sid}
            autoComplete="off"
            className="font-mono"
          />
        </Field>
      )}
    </FormDialog>
  );
}
