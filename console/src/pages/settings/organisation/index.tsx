import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, ifMatch, type Versioned, versioned } from "@/api/client";
import { keys } from "@/api/keys";
import { asProblem, fieldError } from "@/api/problem";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { count } from "@/format/number";
import { CountrySelect } from "@/places/country-select";
import { TimeZoneSelect } from "@/places/time-zone-select";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { ErrorBox } from "@/ui/error-box";
import { Fact, Facts } from "@/ui/facts";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { SkeletonLines } from "@/ui/skeleton";
import { Time } from "@/ui/time";

type Tenant = Schema<"Tenant">;
const key = [keys.settings, "tenant", "versioned"];

export default function Organisation() {
  const query = useQuery({ queryKey: key, queryFn: () => versioned(api.GET("/api/tenant")) });
  if (query.isError) return <ErrorBox error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <Card>
        <SkeletonLines />
      </Card>
    );
  }
  const { data: tenant, etag } = query.data;
  return (
    <>
      {/* Read anew, the form begins anew. */}
      <OrganisationForm key={etag} was={query.data} onReload={() => void query.refetch()} />
      <Card title="What the operator allows">
        <Facts>
          <Fact label="Calls at once">{count(tenant.max_concurrent_calls)}</Fact>
          <Fact label="Campaigns">{count(tenant.max_campaigns)}</Fact>
          <Fact label="Users">{count(tenant.max_users)}, open invitations included</Fact>
          <Fact label="Since">
            <Time at={tenant.created_at} />
          </Fact>
          <Fact label="Organisation id">
            <CopyId id={tenant.id} />
          </Fact>
        </Facts>
      </Card>
    </>
  );
}

interface OrganisationFormProps {
  was: Versioned<Tenant>;
  onReload: () => void;
}

function OrganisationForm({ was, onReload }: OrganisationFormProps) {
  const queryClient = useQueryClient();
  const mayChange = useMay("tenant_admin");
  const [name, setName] = useState(was.data.name);
  const [timeZone, setTimeZone] = useState(was.data.time_zone);
  const [country, setCountry] = useState(was.data.default_country);
  const [days, setDays] = useState(was.data.recording_days?.toString() ?? "");

  const save = useMutation({
    mutationFn: () =>
      data(
        api.PUT("/api/tenant", {
          params: { header: ifMatch(was.etag) },
          body: {
            name,
            time_zone: timeZone,
            default_country: country,
            recording_days: days === "" ? null : Number(days),
          },
        }),
      ),
    meta: { quiet: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [keys.settings, "tenant"] });
      toast.success("The organisation is changed");
    },
  });
  const { error } = save;
  const isOvertaken = error !== null && asProblem(error).status === 412;
  return (
    <Card title="Organisation">
      <form
        className="flex max-w-md flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {isOvertaken ? (
          <Callout
            tone="warn"
            title="Somebody else changed it meanwhile"
            action={
              <Button size="small" onClick={onReload}>
                Read again
              </Button>
            }
          >
            Nothing of yours was saved. Read it again, then make your change.
          </Callout>
        ) : (
          error && <ErrorBox error={error} title="Not saved" />
        )}
        <Field label="Name" required error={fieldError(error, "name")}>
          <Input
            value={name}
            maxLength={200}
            required
            disabled={!mayChange}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="Time zone"
          hint="Days and hours of reports are counted in it. Calling hours are set for each campaign."
          error={fieldError(error, "time_zone")}
        >
          <TimeZoneSelect value={timeZone} onChange={setTimeZone} disabled={!mayChange} />
        </Field>
        <Field
          label="Country"
          hint="New campaigns begin with it: numbers without a prefix are of this country."
          error={fieldError(error, "default_country")}
        >
          <CountrySelect value={country} onChange={setCountry} disabled={!mayChange} />
        </Field>
        <Field
          label="Days that recordings are kept"
          hint="Older ones are deleted, here and at the carrier. Empty: they are kept as long as their calls."
          error={fieldError(error, "recording_days")}
        >
          <Input
            type="number"
            min={1}
            max={36500}
            value={days}
            disabled={!mayChange}
            onChange={(event) => setDays(event.target.value)}
          />
        </Field>
        {mayChange ? (
          <div>
            <Button type="submit" look="primary" busy={save.isPending}>
              Save
            </Button>
          </div>
        ) : (
          <p className="text-muted">An organisation admin can change this.</p>
        )}
      </form>
    </Card>
  );
}
